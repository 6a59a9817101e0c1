// Binds the chunks that the state database counts to the bytes of a part. A part that was restored
// from an older copy, or written by somebody else, must not be mistaken for the synced one: its
// chunks are hashed before they count again.
//
// A part carries a tag that each sync changes:
//
//   line    a random number, new whenever what is in the part was hashed as a whole, or made new
//   step    how often it was synced since then
//   wrote   until when p2pd itself wrote into the part, by this machine's clock
//
// The tag is in the bytes of the part, so that it goes where they go: no file system has to know
// extended attributes, and no tool that copies has to be told. Of a file it is the last 32 bytes,
// behind those of the content, and is cut off before the file gets its name; of a tree it is a file
// of its own in its folder.
//
// It is written before a sync and durable with it, and so before the database counts the chunks.
// The part may be ahead of the database, as after a crash in between, and then has all that is
// counted. It is never behind, unless it is another copy. (Why not extended attributes, or a file
// beside the part: a part alone can be copied over, and vfat has none.)
//
// Who writes into a part and leaves its tag alone changes what the kernel notes as st_ctime, which
// nobody can set. It counts
//
//   as it was at the last sync    nothing was written since
//   up to `wrote`                 p2pd has written since, and was killed. What is in memory of the
//                                 kernel lasts, so this tells of each of its writes. Only where the
//                                 file system goes by the clock of this machine
//   of before this machine was started, and no more than a minute after the sync
//                                 the machine went down while p2pd wrote. Only on a disk of its
//                                 own, so that no other machine has written there meanwhile
//
// and never where the file system counts whole seconds, within which anybody may have written.
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
  std::uint64_t inode = 0;  // of the part; 0 where that says nothing
  std::uint64_t system = 0; // the file system; 0: not known
  // When it, or of a tree a file in it or the tag, was changed last, by its clock.
  std::int64_t changed_ns = 0;
  // As it is in the tag; of a mark that was put 0 where the file system has another clock.
  std::int64_t wrote_ns = 0;

  bool operator==(const PartMark&) const = default;
};

// Whether what was found now holds what was synced then. `started_ns`: when this machine was, and 0
// where others may write there as well.
bool holds_what_was_synced(const PartMark& saved, const PartMark& found, std::int64_t started_ns);
std::int64_t machine_started_ns();

constexpr std::uint64_t tag_size = 32; // bytes

std::uint64_t new_line(); // never 0

// Whether a part of a single file may have this size: it has its final size from the start, or is
// still empty. Parts of earlier versions have no tag.
bool fits_part(std::uint64_t size, const proto::Manifest& manifest);

// `part` is the open file, or the folder of a tree; `path` is where it is, for errors.
// Putting sets both times; getting wrote_ns, and of a tree when the tag was changed, and leaves the
// line 0 where there is no tag.
Outcome put_tag(int part, const proto::Manifest& manifest, PartMark& mark, const std::string& path);
void get_tag(int part, const proto::Manifest& manifest, PartMark& mark);
Outcome remove_tag(int part, const proto::Manifest& manifest, const std::string& path);

// The file in the folder of a tree that has the tag.
std::string tag_name(const proto::Manifest& manifest);
// Into the file that has the tag: p2pd writes into the part from now on for as long as that. Where
// it fails, the part may be hashed once more than it has to be.
void note_writing(int file, const proto::Manifest& manifest, std::int64_t for_ns);

} // namespace p2pd::disk
