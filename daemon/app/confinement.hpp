// Confines the daemon for the rest of its life, so that a vulnerability has limited effect: it
// cannot gain privileges (prctl(2), PR_SET_NO_NEW_PRIVS), and if the kernel has Landlock
// (landlock(7)) it reads and writes only where its config says, and what every program needs. The
// log says which.
//
// Landlock works by inode and applies to the calling thread and those that it starts. So this is
// called before the first other thread exists, and creates folders that may be missing. A folder
// that later replaces one of these, or is mounted on it, is inaccessible until the next start; what
// is mounted below one is not. So anything that is looked up by path at run time is granted through
// a folder that stays: a file through its folder, and name resolution through all of /run.
//
// Not restricted: the network, Unix sockets (including systemd's), files that are already open, and
// running programs, since the config may name any as a hook; they are confined as well.
//
// Main thread, once, when the state folder and the keys exist. Logs what it cannot do.
#pragma once

#include "daemon/base/config.hpp"

namespace p2pd::app {

void confine(const base::Config& config);

} // namespace p2pd::app
