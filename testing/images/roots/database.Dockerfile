FROM alfa/debian:bookworm
RUN apt-get update -qq \
 && apt-get install -qq -y --no-install-recommends mariadb-server \
 && rm -rf /var/lib/mysql && install -d -o mysql -g mysql -m 0750 /var/lib/mysql \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/*.log /var/log/apt
