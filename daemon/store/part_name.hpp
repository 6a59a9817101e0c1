// The names that p2pd makes of its own beside a destination: ".p2pd-", 16 hex digits of the hash of
// the destination's name, and ".part" for what is written until it is whole, ".old" for what makes
// way, ".gone" for what is only to be removed (with a number of its own in place of the hash), and
// ".name" for a trial. They are short whatever the destination's name is, the same at each
// attempt, and hidden from who lists the folder.
//
// Thread: any. Blocking where a folder is given.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/store/layout.hpp"

namespace p2pd::store {

std::string own_name(std::string_view leaf, std::string_view suffix); // ".part" and so on
std::string part_name(std::string_view leaf);
bool is_own_name(std::string_view leaf);

// The folder of a path with its slash; "" where it has none.
std::string folder_of(std::string_view path);

// Whether the file system takes the destination's name at all, which would otherwise be found out
// when everything has come: makes a folder of that name in one of p2pd's own, and removes both.
// Where the name is one that all of them take it makes none.
disk::Outcome check_name(const disk::Folders::Parent& parent);

// Gives a part that has the name of earlier versions, the destination's and ".part", the name that
// parts have now. Does nothing where there is none, where it cannot be one of this content, or
// where there is another part already.
void rename_old_part(const disk::Folders::Parent& parent, const Layout& layout);

} // namespace p2pd::store
