FROM alfa/debian:bookworm
RUN groupadd --system --gid 999 mysql \
 && useradd --system --uid 999 --gid mysql --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin mysql \
 && apt-get update -qq \
 && apt-get install -qq -y --no-install-recommends mariadb-server-core mariadb-client \
 && install -d -o mysql -g mysql -m 0750 /var/lib/mysql \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/*.log /var/log/apt
