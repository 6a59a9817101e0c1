// Binds the chunks that the state database counts to the bytes of a part. A part that was restored
// from an older copy, or written by somebody else, must not be mistaken for the synced one: its
// chunks are hashed before they count again.
//
// A part carries a tag that each sync changes:
//
//   line    a random number, new whenever the whole part was hashed or made anew
//   step    how often it has been synced since
//
// The tag is stored in the part itself, so that it moves with its bytes: no file system needs
// extended attributes, and no copying tool needs an option. In a file it is the last 24 bytes,
// behind the content, and is cut off before the file gets its name; in a tree it is a file of its
// own.
//
// It is written before a sync and durable with it, hence before the database counts the chunks. The
// part may be ahead of the database, as after a crash in between, and then has everything that is
// counted. It is never behind, unless it is another copy. (Why not times alone: a crash leaves
// writes later than the last sync, and restoring files restores their times. Why not extended
// attributes, or a file beside the part: the part alone can be overwritten, and vfat has none.)
//
// Thread: any. Blocking where a descriptor is given.
#pragma once

#include "daemon/disk/outcome.hpp"
#include "proto/manifest.hpp"

#include <cstdint>

namespace p2pd::disk {

struct PartMark {
  std::uint64_t line = 0; // 0: no tag
  std::uint64_t step = 0;
  std::uint64_t inode = 0;  // of the part; 0: not meaningful
  std::uint64_t system = 0; // the file system; 0: not known
  std::int64_t changed_ns =
      0; // the last change of it or of a file in it, by the clock of its file system

  bool operator==(const PartMark&) const = default;
};

// Whether the part that was found contains what was synced then.
bool holds_what_was_synced(const PartMark& saved, const PartMark& found);

constexpr std::uint64_t tag_size = 24; // bytes

std::uint64_t new_line(); // never 0

// Whether a part of a single file may have this size: it has its final size from the start, or is
// still empty. Parts of earlier versions have no tag.
bool fits_part(std::uint64_t size, const proto::Manifest& manifest);

// `part` is the open file, or the folder of a tree; `path` is for errors. Putting sets changed_ns;
// getting returns line 0 if there is no tag.
Outcome put_tag(int part, const proto::Manifest& manifest, PartMark& mark, const std::string& path);
void get_tag(int part, const proto::Manifest& manifest, PartMark& mark);
Outcome remove_tag(int part, const proto::Manifest& manifest, const std::string& path);

} // namespace p2pd::disk
