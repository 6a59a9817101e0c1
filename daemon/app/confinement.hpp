// Shuts the daemon in for the rest of its life, so that a flaw anywhere in it is bounded: it gains
// no privileges (prctl(2), PR_SET_NO_NEW_PRIVS), and where the kernel has Landlock (landlock(7)) it
// reads and writes only where its config says, beside what every program needs. The log tells
// which.
//
// Landlock goes by inode, and holds for the calling thread and for those that it starts. So this
// comes before the first other thread, and makes the folders that may be missing. A folder that is
// put in the place of one of these later, or mounted on it, is out of reach until the next start;
// what is mounted below one is not. So what is looked up by its path while p2pd runs is granted by
// a folder that stays: a file by its folder, and what names are looked up in by all of /run.
//
// What stays open: the network, Unix sockets (those of systemd among them), what was opened before,
// and running programs, since the config may name any as a hook; they are confined as well.
//
// Main thread, once, with the state folder and the keys in place. Logs what it cannot do.
#pragma once

#include "daemon/base/config.hpp"

namespace p2pd::app {

void confine(const base::Config& config);

} // namespace p2pd::app
