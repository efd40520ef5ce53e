#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Write the patches of a version anew, from themselves: commit the tree they start from, apply them with git am, and let
# git format-patch write them again. After a change to the tree or to a patch this puts line numbers, blob names and
# diffstats right; without one it changes nothing, which --check verifies.
#
#   patches/rebuild.sh [--check] [SERIES/VERSION ...]      without arguments: all of them
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C

# base_of SERIES KEY: what SERIES/base says, one "key: value" a line. See README.md.
base_of() {
	[ -f "$here/$1/base" ] && sed -n "s/^$2: *//p" "$here/$1/base"
	return 0
}

# tree_of SERIES: the tree that a series starts from.
tree_of() {
	local tree
	tree=$(base_of "$1" tree)
	echo "$here/../$tree"
}

# apply REPO SERIES/VERSION: the patches of a version, with git am.
apply() {
	git -C "$1" am -q "$here/$2"/000[1-9]*.patch
}

# header FILE NAME: a mail header, unfolded
header() {
	awk -v name="$2:" '
		/^$/ { exit }
		/^[ \t]/ { if (on) { sub(/^[ \t]+/, " "); value = value $0 } next }
		{ on = index($0, name) == 1; if (on) value = substr($0, length(name) + 2) }
		END { print value }' "$1"
}

# The text of a cover letter, without the list of patches that format-patch adds.
blurb() {
	awk 'body && /^[A-Z].* \([0-9]+\):$/ { exit } body { print } /^$/ { body = 1 }' "$1"
}

# rebuild SERIES/VERSION OUT_DIR
rebuild() {
	local version=$1 out=$2 series id cover prefix subject repo after n=0
	series=$(dirname "$version")
	id=$series-$(basename "$version")
	cover=$here/$version/0000-cover-letter.patch
	subject=$(header "$cover" Subject)
	prefix=$(sed -E 's/^\[(.*) [0-9]+\/[0-9]+\].*/\1/' <<<"$subject")
	repo=$(mktemp -d)

	export GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE
	GIT_COMMITTER_NAME=$(header "$cover" From | sed 's/ <.*//')
	GIT_COMMITTER_EMAIL=$(header "$cover" From | sed 's/.*<\(.*\)>/\1/')
	GIT_COMMITTER_DATE=$(header "$cover" Date)

	cp -r "$(tree_of "$series")/." "$repo"
	rm -f "$repo/README.md"
	git -C "$repo" init -q -b "$id"
	git -C "$repo" config core.abbrev 12
	git -C "$repo" add .
	git -C "$repo" -c user.name=base -c user.email=base@example.org commit -q -m base
	after=$(base_of "$series" after)
	if [ -n "$after" ]; then
		apply "$repo" "$after"
	fi
	git -C "$repo" tag base
	apply "$repo" "$version"
	git -C "$repo" config "branch.$id.description" \
		"$(sed -E 's/^\[[^]]*\] //' <<<"$subject")"$'\n\n'"$(blurb "$cover")"
	git -C "$repo" format-patch -q --thread --cover-letter --cover-from-description=subject \
		--zero-commit --signature=2.39.5 --subject-prefix="$prefix" -o "$out" "base..$id"

	# Message ids that do not depend on the clock.
	for file in "$out"/*.patch; do
		sed -i -E "1,/^\$/{
			s/^Message-ID: .*/Message-ID: <$id-$n@example.org>/I
			s/^(In-Reply-To|References): .*/\1: <$id-0@example.org>/
		}" "$file"
		n=$((n + 1))
	done
	rm -rf "$repo"
}

check=
if [ "${1:-}" = --check ]; then
	check=1
	shift
fi
[ $# -gt 0 ] || set -- $(cd "$here" && ls -d */v[0-9]*)

status=0
for version in "$@"; do
	out=$(mktemp -d)
	rebuild "$version" "$out"
	if diff -r "$here/$version" "$out" >/dev/null; then
		echo "$version: as it is"
	elif [ -n "$check" ]; then
		echo "$version: would change"
		status=1
	else
		rm -f "$here/$version"/*.patch
		mv "$out"/*.patch "$here/$version"
		echo "$version: written anew"
	fi
	rm -rf "$out"
done
exit $status
