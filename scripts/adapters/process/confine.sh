#!/bin/sh
# Runs a program with nothing but what is named: a root of its own, its own processes only, and no right to change that.
# Started by confine.ts inside fresh namespaces:
#
#   confine.sh ROOT FOLDER { ro|rw PATH | link PATH TARGET }... run PROGRAM ARGUMENT...
#
# ROOT is an empty folder, FOLDER the working folder. Everything else of the machine is not there, /proc included:
# the environment of another process cannot be read, however it was started.
set -eu
root=$1
folder=$2
shift 2

mount -t tmpfs -o mode=0755 confined "$root"
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/.outside"
while [ "$1" != run ]; do
  kind=$1
  path=$2
  shift 2
  if [ "$kind" = link ]; then
    mkdir -p "$root${path%/*}"
    ln -s "$1" "$root$path"
    shift
    continue
  fi
  if [ -d "$path" ]; then
    mkdir -p "$root$path"
  else
    mkdir -p "$root${path%/*}"
    [ -e "$root$path" ] || : >"$root$path"
  fi
  # Two steps in one call; a bind mount takes `ro` only when it is mounted again.
  if [ "$kind" = ro ]; then
    mount -o bind,ro "$path" "$root$path"
  else
    mount --bind "$path" "$root$path"
  fi
done
shift

# Where the machine does not allow an own /proc there is none, which shows even less.
mount -t proc -o nosuid,nodev,noexec proc "$root/proc" 2>/dev/null || :
cd "$root"
pivot_root . .outside
umount -l /.outside
rmdir /.outside
cd "$folder"
unset PWD OLDPWD
# Root of these namespaces could mount again what was taken away.
exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
