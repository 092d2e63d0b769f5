#!/bin/sh
# Furnishes the machine of a farm server: a /run, users, a disk, a boot id and a `systemctl reboot` of its own.
# usage: boot.sh FOLDER
set -eu
folder=$1

# The rest of the host's /run must not be seen; the rig's own part is where sockets and pid files are shared with the host.
mkdir -p "$folder/run"
mount -t tmpfs -o mode=755 tmpfs "$folder/run"
mkdir -p "$folder/run/alfa-rig" "$folder/run/sshd" "$folder/run/home" "$folder/run/user"
mount --bind /run/alfa-rig "$folder/run/alfa-rig"
mount --no-mtab --move "$folder/run" /run
# Read by sshd as the user who logs in, who does not get into the rig's own folder.
cp "$folder/../authorized_keys" /run/authorized_keys

for file in passwd group shadow sudoers; do
  mount --bind "$folder/etc/$file" "/etc/$file"
done
for user in alfa ops guest; do
  mkdir -p "/run/home/$user" "/run/user/$(id -u "$user")"
  chown "$user:$user" "/run/home/$user" "/run/user/$(id -u "$user")"
done

mount -o loop "$folder/disk.img" /srv
mkdir -p /srv/alfa
chown alfa:alfa /srv/alfa

cat /proc/sys/kernel/random/uuid >"$folder/boot_id"
mount --bind "$folder/boot_id" /proc/sys/kernel/random/boot_id

# Whoever may reboot leaves a mark that the farm answers; the host's own command must be out of reach.
mount -t tmpfs -o mode=755 tmpfs /usr/local/sbin
cat >/usr/local/sbin/systemctl <<'END'
#!/bin/sh
[ "$*" = reboot ] && : >/run/reboot-wanted
END
chmod 755 /usr/local/sbin/systemctl
if [ -e /usr/bin/systemctl ]; then mount --bind /usr/local/sbin/systemctl /usr/bin/systemctl; fi
