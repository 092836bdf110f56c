// A page of Next.js that is measured: the script's address is said when it is built.
import PlausibleProvider, { usePlausible } from 'next-plausible'
import Link from 'next/link'

function SignUp() {
  const plausible = usePlausible()
  return (
    <button id="sign-up" onClick={() => plausible('Signup', { props: { plan: 'team' } })}>
      Sign up
    </button>
  )
}

export default function Start() {
  return (
    <PlausibleProvider src={process.env.NEXT_PUBLIC_SCRIPT} init={{ customProperties: { author: 'grace' } }}>
      <SignUp />
      <Link id="install" href="/install">
        Install
      </Link>
    </PlausibleProvider>
  )
}
