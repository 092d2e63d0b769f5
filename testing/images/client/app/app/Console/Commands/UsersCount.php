<?php

namespace App\Console\Commands;

use App\Models\User;
use Illuminate\Console\Command;

class UsersCount extends Command
{
    protected $signature = 'alfa:users-count';

    protected $description = 'Prints how many users the laboratory has';

    public function handle(): int
    {
        $this->line((string) User::count());

        return 0;
    }
}
