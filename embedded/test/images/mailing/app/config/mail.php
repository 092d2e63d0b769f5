<?php

// The machine itself, as a container on it sees it.
$gateway = function (): string {
    foreach (file('/proc/net/route') as $line) {
        $columns = preg_split('/\s+/', $line);
        if ($columns[1] === '00000000') {
            return implode('.', array_reverse(array_map('hexdec', str_split($columns[2], 2))));
        }
    }

    return '127.0.0.1';
};
$host = env('MAIL_HOST');

return [
    'default' => env('MAIL_MAILER', 'smtp'),
    'mailers' => [
        'smtp' => [
            'transport' => 'smtp',
            'host' => $host === 'gateway' ? $gateway() : $host,
            'port' => env('MAIL_PORT'),
            'encryption' => null,
            'timeout' => 5,
        ],
        'array' => ['transport' => 'array'],
    ],
    'from' => ['address' => 'lab@lab.example', 'name' => 'Laboratory'],
];
