<?php

namespace App\Console\Commands;

use App\Models\User;
use Illuminate\Console\Command;
use Illuminate\Support\Facades\Hash;

class OwnerPassword extends Command
{
    protected $signature = 'alfa:owner-password';

    protected $description = "Sets the laboratory owner's login and password, read from stdin as two lines";

    public function handle(): int
    {
        $login = $this->readLine();
        $password = $this->readLine();
        if ($login === '' || $password === '') {
            $this->getOutput()->getErrorStyle()->writeln('expected the login and the password on stdin, one a line');

            return 2;
        }

        $owner = User::where('role', 'owner')->first() ?? User::where('login', $login)->first() ?? new User;
        $owner->fill([
            'name' => $owner->name ?? $login,
            'login' => $login,
            'password' => Hash::make($password),
            'role' => 'owner',
        ])->save();
        $this->line('owner password set');

        return 0;
    }

    private function readLine(): string
    {
        return rtrim((string) fgets(STDIN), "\r\n");
    }
}
