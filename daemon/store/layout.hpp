// How a content's bytes lie in its files: end to end in the order of the entries, so that a range
// of the content is a piece of one file or of several in a row. A single file is a list of one.
// Thread: any once made; const.
#pragma once

#include "proto/manifest.hpp"

#include <cassert>
#include <memory>

namespace p2pd::store {

class Layout {
 public:
  using FileIndex = std::uint32_t; // among the files alone, in their order; empty ones count

  struct Piece {
    FileIndex file;
    std::uint64_t offset; // in the file
    std::uint64_t length; // at least 1
  };

  // `chosen` has one flag for each entry, or none at all: everything is chosen then. The folders
  // around a chosen entry are chosen with it.
  Layout(std::shared_ptr<const proto::Manifest> manifest, std::vector<bool> chosen = {});

  FileIndex files() const { return static_cast<FileIndex>(starts_.size()); }
  std::uint64_t size(FileIndex file) const;
  std::uint64_t start(FileIndex file) const { return starts_[file]; } // in the content
  const std::string& path(FileIndex file) const; // below the tree; "" for a single file
  const proto::Entry& entry(FileIndex file) const { return manifest_->entries[entries_[file]]; }
  bool has_entry(std::size_t entry) const { return chosen_.empty() || chosen_[entry]; }
  bool has_file(FileIndex file) const { return chosen_.empty() || chosen_[entries_[file]]; }
  // How much of a chunk is here.
  enum class Share : std::uint8_t { none, some, all };
  Share share_of(proto::ChunkIndex chunk) const;

  const proto::Manifest& manifest() const { return *manifest_; }
  const std::shared_ptr<const proto::Manifest>& shared_manifest() const { return manifest_; }

  // Calls action(piece) for each piece of the range in turn, as long as it says true.
  template <class Action>
  bool each_piece(proto::ByteOffset begin, std::uint64_t length, Action&& action) const {
    assert(number(begin) <= manifest_->size && length <= manifest_->size - number(begin));
    FileIndex file = file_at(begin);
    for (std::uint64_t at = number(begin); length > 0; ++file) {
      const std::uint64_t into = at - starts_[file];
      const std::uint64_t part = std::min(length, size(file) - into);
      if (part == 0) continue;
      if (!action(Piece{file, into, part})) return false;
      at += part;
      length -= part;
    }
    return true;
  }

 private:
  FileIndex file_at(proto::ByteOffset offset) const; // the last that begins at or before it

  std::shared_ptr<const proto::Manifest> manifest_;
  std::vector<std::uint64_t> starts_;
  std::vector<std::uint32_t> entries_; // of a tree: which entry each file is
  std::vector<bool> chosen_;           // by entry; empty: all
};

} // namespace p2pd::store
