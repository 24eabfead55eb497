#!/bin/sh
# Runs a command in the image at ROOT; the programs of this machine take the place of the base
# image's, NODE that of its node. To be called in a mount and PID namespace of its own:
#
#   unshare --mount --pid --fork --kill-child sh enter-image.sh rw|ro ROOT NODE COMMAND [ARGUMENT...]
set -eu
mode=$1 root=$2 node=$3
shift 3

# Outside a namespace of its own this would change the machine's mounts.
[ $$ -eq 1 ] || { echo "call me by unshare" >&2; exit 64; }
mount --make-rprivate /
# The image's own part of /usr, kept beside the root because /usr is this machine's.
own="$root.local"
mkdir -p "$own/bin" "$root/usr" "$root/proc" "$root/dev"
touch "$own/bin/node"
for folder in bin sbin lib lib64; do
  [ -L "$root/$folder" ] || [ ! -L "/$folder" ] || ln -s "$(readlink "/$folder")" "$root/$folder"
done
mount --bind "$root" "$root"
mount --bind /usr "$root/usr"
mount -o remount,bind,ro "$root/usr"
mount --bind "$own" "$root/usr/local"
mount --bind "$node" "$root/usr/local/bin/node"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
if [ "$mode" = ro ]; then
  # Its volume, which begins as the image has it and outlives the container.
  [ -d "$root.volume" ] || cp -a "$root/var/lib/cloudmon-reporter" "$root.volume"
  mount --bind "$root.volume" "$root/var/lib/cloudmon-reporter"
  mount -o remount,bind,ro "$root"
  mount -o remount,bind,ro "$root/usr/local"
fi
exec chroot "$root" "$@"
