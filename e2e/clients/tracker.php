<?php
// What a shop that reports from PHP sends with Matomo's PHP tracker. Takes the tracker's checkout, the server's address, a
// token and the number of a site; writes what was answered to each call as JSON.

declare(strict_types=1);

[, $checkout, $url, $token, $idSite] = $argv;
require "$checkout/MatomoTracker.php";

const DAY = '2025-03-10';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0';
const CHROME = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Mobile Safari/537.36';

$answers = [];
$say = function (string $name, string|bool|null $answer) use (&$answers): void {
    $answers[$name] = is_string($answer) && !mb_check_encoding($answer, 'ASCII') ? 'image' : $answer;
};

$visitor = function (string $ip, string $browser) use ($url, $token, $idSite): MatomoTracker {
    $tracker = new MatomoTracker((int) $idSite, $url);
    $tracker->disableCookieSupport();
    $tracker->setTokenAuth($token);
    $tracker->setIp($ip);
    $tracker->setUserAgent($browser);
    $tracker->setBrowserLanguage('fr-CH,fr;q=0.9');
    return $tracker;
};
$at = fn (MatomoTracker $tracker, string $time): MatomoTracker => $tracker->setForceVisitDateTime(DAY . " $time");

// Ada follows a campaign and does one of everything.
$ada = $visitor('203.0.113.7', FIREFOX);
$ada->setVisitorId('0123456789abcdef');
$ada->setUserId('ada@example.org');
$ada->setResolution(1920, 1080);
$ada->setLocalTime('11:15:00');
$ada->setPlugins(flash: false, java: false, pdf: true);
$ada->setBrowserHasCookies(true);
$ada->setCustomVariable(1, 'Tier', 'silver', 'visit');
$ada->setCustomVariable(2, 'Author', 'Grace', 'page');
$ada->setCustomDimension(1, 'gold');
$ada->setCustomDimension(2, 'front');
$ada->setPageviewId('abc123');
$ada->setPerformanceTimings(10, 120, 30, 200, 50, 5);
$ada->setUrl('http://shop.test/?mtm_campaign=Spring&mtm_kwd=boots');
$say('page', $at($ada, '10:00:00')->doTrackPageView('Home'));
$ada->setUrl('http://shop.test/boots');
$ada->setUrlReferrer('http://shop.test/');
$say('event', $at($ada, '10:01:00')->doTrackEvent('Video', 'Play', 'Boots in the snow', 7.5));
$ada->doTrackEvent('Video', 'Stop');
$ada->disableSendImageResponse();
$say('impression', $at($ada, '10:02:00')->doTrackContentImpression('Banner', 'snow.jpg', 'http://shop.test/winter'));
$ada->doTrackContentImpression('Banner', 'rain.jpg', null);
$ada->doTrackContentInteraction('click', 'Banner', 'snow.jpg', 'http://shop.test/winter');
$at($ada, '10:03:00')->doTrackSiteSearch('laces', 'catalogue', 3);
$ada->doTrackSiteSearch('rope', 'catalogue', 0);
$at($ada, '10:04:00')->doTrackGoal(1);
$ada->doTrackGoal(2, 7.5);
$at($ada, '10:05:00')->doTrackAction('http://shop.test/files/sizes.pdf', 'download');
$ada->doTrackAction('http://elsewhere.test/maps', 'link');
$ada->setEcommerceView('B-7', 'Boots', ['Shoes', 'Winter'], 40.5);
$at($ada, '10:06:00')->doTrackPageView('Boots');
$ada->setEcommerceView(category: 'Shoes');
$ada->setUrl('http://shop.test/shoes');
$ada->doTrackPageView('Shoes');
$ada->addEcommerceItem('B-7', 'Boots', ['Shoes', 'Winter'], 40.5, 2);
$ada->addEcommerceItem('L-1', 'Laces', 'Shoes', '19', 1);
$at($ada, '10:07:00')->doTrackEcommerceCartUpdate(100.0);
$ada->addEcommerceItem('B-7', 'Boots', ['Shoes', 'Winter'], 40.5, 2);
$at($ada, '10:08:00')->doTrackEcommerceOrder('A-1001', 99.0, 81.0, 15.0, 5.0, 2.0);
// The page with the order is loaded again.
$ada->addEcommerceItem('B-7', 'Boots', ['Shoes', 'Winter'], 40.5, 2);
$at($ada, '10:09:00')->doTrackEcommerceOrder('A-1001', 99.0, 81.0, 15.0, 5.0, 2.0);
$say('crash', $at($ada, '10:10:00')->doTrackPhpThrowable(new RuntimeException('out of laces')));
$say('ping', $at($ada, '10:20:00')->doPing());

// She comes again at once, as a visit of its own.
$ada->setForceNewVisit();
$ada->setUrl('http://shop.test/?mtm_campaign=Summer');
$at($ada, '10:21:00')->doTrackPageView('Home');

// Grace uses a phone that says what it is, sends everything in the body, leaves her cart, and says where she is.
$grace = $visitor('198.51.100.9', CHROME);
$grace->setRequestMethodNonBulk('POST');
$grace->setClientHints(
    'Pixel 9',
    'Android',
    '15.0.0',
    '"Chromium";v="134.0.6998.95", "Google Chrome";v="134.0.6998.95"',
    '134.0.6998.95'
);
$grace->setCountry('de')->setRegion('BE')->setCity('Berlin')->setLatitude(52.5)->setLongitude(13.4);
$grace->setUrl('http://shop.test/laces?size=8&color=red');
$grace->setUrlReferrer('https://news.test/article');
$at($grace, '12:00:00')->doTrackPageView('Laces & "rope" — größer');
$grace->addEcommerceItem('L-1', 'Laces', 'Shoes', 19, 3);
$at($grace, '12:01:00')->doTrackEcommerceCartUpdate(57.0);

// Joan's goal counts for the newsletter that brought her the last time.
$joan = $visitor('192.0.2.44', FIREFOX);
$joan->setAttributionInfo((string) json_encode(['Newsletter', 'laces', strtotime(DAY . ' 09:00:00'), 'http://mail.test/']));
$joan->setUrl('http://shop.test/offer');
$at($joan, '14:00:00')->doTrackGoal(2, 2.5);

// A crawler of which the tracker knows that it runs no scripts, and a browser, which is none.
$crawler = $visitor('192.0.2.45', 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; +https://openai.com/gptbot');
$crawler->setUrl('http://shop.test/');
$say('crawler', $at($crawler, '15:00:00')->doTrackPageViewIfAIBot(200, 5120, 30, 'edge'));
$say('no crawler', $at($joan, '14:00:01')->doTrackPageViewIfAIBot(200));

// The pages of a day that were written down, in one request.
$bulk = $visitor('192.0.2.1', FIREFOX);
$bulk->enableBulkTracking();
for ($n = 0; $n < 40; $n++) {
    $bulk->setIp('192.0.2.' . (100 + $n % 4));
    $bulk->setUserAgent(FIREFOX);
    $bulk->setNewVisitorId()->setVisitorId("fedcba987654321" . $n % 4);
    $bulk->setCustomDimension(2, 'bulk');
    $bulk->setUrl('http://shop.test/page/' . $n % 5);
    $at($bulk, sprintf('18:%02d:00', $n))->doTrackPageView('Page ' . $n % 5);
}
$bulk->doTrackEvent('Bulk', 'End');
$say('bulk', $bulk->doBulkTrack());

// Without a token the past is not to be written, nor with one that nobody has.
$stranger = new MatomoTracker((int) $idSite, $url);
$stranger->setUrl('http://shop.test/forged');
$say('without token', $at($stranger, '19:00:00')->doTrackPageView('Forged'));
$stranger->setTokenAuth(str_repeat('f', 32));
$say('wrong token', $at($stranger, '19:00:00')->doTrackPageView('Forged'));

echo json_encode($answers, JSON_THROW_ON_ERROR);
