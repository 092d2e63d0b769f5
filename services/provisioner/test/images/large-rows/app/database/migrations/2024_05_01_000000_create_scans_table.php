<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Support\Facades\DB;

/** Scanned reports of 1, 17 and 40 MB, of bytes that need an escape, that are no text, and that are. */
return new class extends Migration
{
    public function up(): void
    {
        DB::statement('create table scans (id int primary key, scan longblob, reading longtext)');
        DB::statement("insert into scans values (1, repeat(unhex('00275c0a'), 250000), null)");
        DB::statement("insert into scans values (2, repeat(unhex('ff'), 17000000), null)");
        DB::statement("insert into scans values (3, repeat(unhex('e9'), 40000000), repeat('я', 1000))");
    }
};
