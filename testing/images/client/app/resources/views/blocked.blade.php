@extends('layout')

@section('content')
  <p class="notice" data-notice="blocked">{{ $reason }}</p>
@endsection
