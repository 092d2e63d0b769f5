<?php

error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);

// Debian ships Laravel in PHP's include path with autoload files of its own instead of a vendor folder.
require_once 'Illuminate/autoload.php';

$folders = ['App\\' => 'app/', 'Database\\Seeders\\' => 'database/seeders/'];

spl_autoload_register(function (string $class) use ($folders): void {
    foreach ($folders as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            $file = dirname(__DIR__).'/'.$folder.str_replace('\\', '/', substr($class, strlen($prefix))).'.php';
            if (is_file($file)) {
                require $file;
            }
        }
    }
});
