FROM alfa/debian:bookworm
RUN apt-get update -qq \
 && apt-get install -qq -y --no-install-recommends nginx-light \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/*.log /var/log/apt
