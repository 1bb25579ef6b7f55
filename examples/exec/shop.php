<?php
// SPDX-License-Identifier: MIT
/*
 * A source for datenbrief in PHP: the customers and orders of a shop, here from a JSON file.
 *
 *     <source id="shop" type="exec" url="exec:php shop.php shop.json" label="Shop">
 *
 * Put your own way to the data in the place of load(). Protocol: datenbrief-exec(7).
 */
error_reporting(0); // nothing but the protocol may be printed

function load(string $file): array
{
    return json_decode(file_get_contents($file), true, 64, JSON_THROW_ON_ERROR);
}

function write(array $message): void
{
    fwrite(STDOUT, json_encode($message, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR) . "\n");
}

$shop = load($argv[1]);
$greeting = json_decode(fgets(STDIN), true);
$offer = [];
foreach ($greeting['collections'] as $c) {
    // What is stored, not what is asked for: a column that nobody declared must not stay unknown.
    $offer[$c['name']] = array_keys($shop[$c['name']][0] ?? []);
}
write(['datenbrief' => 1, 'collections' => $offer]);

while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line, true);
    $number = $request['request'];
    if (isset($request['list'])) {
        foreach ($shop['customer'] as $customer) {
            write(['request' => $number, 'subject' => $customer['customer_no']]);
        }
        write(['request' => $number, 'end' => true, 'subjects' => count($shop['customer'])]);
    }
    foreach ($request['subjects'] ?? [] as $subject) {
        $count = 0;
        foreach ($greeting['collections'] as $c) {
            foreach ($shop[$c['name']] as $record) {
                if ((string) $record[$c['subject-key']] === $subject) {
                    write(['request' => $number, 'collection' => $c['name'], 'record' => $record]);
                    $count++;
                }
            }
        }
        write(['request' => $number, 'end' => $subject, 'records' => $count]);
    }
}
