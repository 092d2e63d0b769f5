<?php
// A small application that is not Laravel: what it answers depends on the request alone.
parse_str($_SERVER['QUERY_STRING'] ?? '', $asked);
switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case '/cookies':
        for ($number = 0; $number < (int) $asked['number']; $number += 1) {
            header("Set-Cookie: cookie$number=" . str_repeat('x', 1980), false);
        }
        break;
    case '/slow':
        sleep((int) $asked['seconds']);
        break;
}
header('Content-Type: application/json');
echo json_encode([
    'cookie' => strlen($_SERVER['HTTP_COOKIE'] ?? ''),
    'body' => strlen(file_get_contents('php://input')),
]);
