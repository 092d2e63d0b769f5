<?php

return [
    'default' => 'mysql',
    'connections' => [
        'mysql' => [
            'driver' => 'mysql',
            'host' => env('DB_HOST', '127.0.0.1'),
            'port' => env('DB_PORT', '3306'),
            'database' => env('DB_DATABASE', 'alfa'),
            'username' => env('DB_USERNAME', 'alfa'),
            'password' => env('DB_PASSWORD', ''),
            'charset' => 'utf8mb4',
            'collation' => 'utf8mb4_unicode_ci',
            'prefix' => '',
            'strict' => true,
            'engine' => 'InnoDB',
            // A database that does not answer must not hold the few web workers.
            'options' => [PDO::ATTR_TIMEOUT => 5],
        ],
    ],
    'migrations' => 'migrations',
];
