<?php

namespace App\Models;

use Illuminate\Database\Eloquent\Model;

class User extends Model
{
    protected $fillable = ['name', 'login', 'password', 'role', 'demo'];

    protected $hidden = ['password'];
}
