<!doctype html>
<html lang="{{ config('app.locale') }}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{{ config('app.name') }}</title>
  <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color: #1d2733 }
    dt { color: #5b6b7c } dd { margin: 0 0 .6rem; font-weight: 600 }
    .notice { padding: .8rem 1rem; border-left: 4px solid #c47f00; background: #fff6e0 }
  </style>
</head>
<body>
  <h1>{{ config('app.name') }}</h1>
  @if (config('app.env') === 'staging')
    <p class="notice" data-notice="staging">{{ __('page.staging') }}</p>
  @endif
  @yield('content')
</body>
</html>
