<?php

return [
    'default' => 'stderr',
    'channels' => [
        'stderr' => [
            'driver' => 'monolog',
            'handler' => Monolog\Handler\StreamHandler::class,
            'with' => ['stream' => 'php://stderr'],
            'formatter' => Monolog\Formatter\LineFormatter::class,
            'formatter_with' => ['includeStacktraces' => false],
            'level' => 'warning',
        ],
        'emergency' => ['path' => 'php://stderr'],
    ],
];
