// What is published or seeded: the files of one content, for reading. It is shared by the pool jobs
// that read from it; the last of them closes it.
//
// A file that is not any more what it was when it was hashed is never read from: every access
// compares size, time and inode first. (Between that look and the read there is a moment; the
// receiver's own check of the hash covers it.)
//
// Thread: any, const. Blocking. Errors: ESTALE for changed files.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/store/file_set.hpp"
#include "daemon/store/store.hpp"

namespace p2pd::store {

class ReadStore final : public Store {
 public:
  // `path` is where it was opened, for errors; identities as scan() or the library has them.
  // `beyond`: where symlinks may lead; null: none is followed.
  ReadStore(disk::Fd root, std::string path, Layout layout, std::vector<disk::Identity> identities,
            std::shared_ptr<const disk::Folders> beyond = nullptr)
      : files_(std::move(root), FileSet::Access::read, std::move(path), std::move(layout),
               std::move(identities), nullptr, std::move(beyond)) {}

  // The same, with a root that may be closed between two uses, or is opened at the first one only.
  ReadStore(disk::Fd root, FileSet::Reopen reopen, std::string path, Layout layout,
            std::vector<disk::Identity> identities,
            std::shared_ptr<const disk::Folders> beyond = nullptr)
      : files_(std::move(root), std::move(reopen), std::move(path), std::move(layout),
               std::move(identities), std::move(beyond)) {}

  disk::Outcome read(proto::ByteOffset from, std::span<const iovec> into) const override {
    return files_.read(from, into);
  }

  // The hashes of some chunks in a row. Holes are not read. `scratch` holds at least one chunk.
  disk::Result<std::vector<proto::Digest>> hash_chunks(proto::ChunkIndex first, std::uint32_t count,
                                                       proto::MutableView scratch) const;

  disk::Outcome unchanged() const override { return files_.check_identities(); }
  disk::Outcome untouched() const override { return files_.check_identities(true); }

  const std::vector<disk::Identity>& identities() const { return files_.identities(); }
  const Layout& layout() const { return files_.layout(); }
  const proto::Manifest& manifest() const { return layout().manifest(); }

 private:
  FileSet files_;
};

} // namespace p2pd::store
