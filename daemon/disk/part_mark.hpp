// What binds the chunks that the state database counts to the very bytes of a part. A part that was
// restored from an older copy, or that somebody wrote into, must not pass for the one that was
// synced: its chunks are hashed before they count again.
//
// A part carries a tag, and each sync changes it:
//
//   line    a random number, new whenever what is in the part was hashed as a whole, or made new
//   step    how often it was synced since then
//
// The tag is in the bytes of the part, so that it goes where they go: no file system has to know
// extended attributes, and no tool that copies has to be told. Of a file it is the last 24 bytes,
// behind those of the content, and is cut off before the file gets its name; of a tree it is a file
// of its own in its folder.
//
// It is written before a sync and durable with it, and so before the database counts the chunks.
// The part may be ahead of the database, as after a crash in between, and then has all that is
// counted. It is never behind, unless it is another copy. (Why not the times alone: a crash leaves
// writes that are later than the last sync, and who restores files restores their times. Why not
// extended attributes, or a file beside the part: a part alone can be copied over, and vfat has
// none.)
//
// Thread: any. Blocking where a descriptor is given.
#pragma once

#include "daemon/disk/outcome.hpp"
#include "proto/manifest.hpp"

#include <cstdint>

namespace p2pd::disk {

struct PartMark {
  std::uint64_t line = 0; // 0: there is no tag
  std::uint64_t step = 0;
  std::uint64_t inode = 0;     // of the part; 0 where that says nothing
  std::uint64_t system = 0;    // the file system; 0: not known
  std::int64_t changed_ns = 0; // when it, or of a tree a file in it, was changed last, by its clock

  bool operator==(const PartMark&) const = default;
};

// Whether what was found now holds what was synced then.
bool holds_what_was_synced(const PartMark& saved, const PartMark& found);

constexpr std::uint64_t tag_size = 24; // bytes

std::uint64_t new_line(); // never 0

// Whether a part of a single file may have this size: it has its own from the first moment, or is
// still empty. Those of earlier versions have no tag.
bool fits_part(std::uint64_t size, const proto::Manifest& manifest);

// `part` is the open file, or the folder of a tree; `path` is where it is, for errors.
// Putting sets changed_ns, getting leaves the line 0 where there is no tag.
Outcome put_tag(int part, const proto::Manifest& manifest, PartMark& mark, const std::string& path);
void get_tag(int part, const proto::Manifest& manifest, PartMark& mark);
Outcome remove_tag(int part, const proto::Manifest& manifest, const std::string& path);

} // namespace p2pd::disk
