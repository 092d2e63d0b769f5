<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        foreach (['jobs', 'failed_jobs', 'scheduled_jobs'] as $name) {
            Schema::create($name, function (Blueprint $table) {
                $table->id();
                $table->timestamp('due')->useCurrent();
            });
        }
    }

    public function down(): void
    {
        foreach (['jobs', 'failed_jobs', 'scheduled_jobs'] as $name) {
            Schema::dropIfExists($name);
        }
    }
};
