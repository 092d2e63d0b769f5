FROM alfa/debian:bookworm
RUN apt-get update -qq \
 && apt-get install -qq -y --no-install-recommends php8.2-cli php8.2-mysql php-mysql php-laravel-framework tini \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/*.log /var/log/apt
