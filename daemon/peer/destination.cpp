#include "daemon/peer/destination.hpp"

#include "daemon/disk/digest.hpp"
#include "daemon/disk/read_store.hpp"
#include "daemon/disk/scan.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

namespace p2pd::peer {

namespace {

enum class There : std::uint8_t { nothing, folder, other };

There look(const disk::Folders::Parent& parent) {
  struct stat status {};
  if (::fstatat(parent.folder.get(), parent.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
    return There::nothing;
  return S_ISDIR(status.st_mode) ? There::folder : There::other;
}

// What is at `path`, if it is this very content.
disk::Result<std::shared_ptr<const disk::Store>>
same_content(const disk::Folders& folders, const std::string& path,
             const std::shared_ptr<const proto::Manifest>& manifest) {
  const std::shared_ptr<const disk::Store> other;
  auto opened = folders.open_file(path, O_RDONLY);
  if (!opened) return opened.fault();
  auto scanned = disk::scan(*opened, path);
  if (!scanned) return scanned.fault();
  if (scanned->manifest->size != manifest->size ||
      scanned->manifest->single_file() != manifest->single_file())
    return other;
  auto store = std::make_shared<const disk::ReadStore>(
      std::move(opened->fd), path, disk::Layout(manifest), std::move(scanned->identities));
  proto::Bytes scratch(manifest->chunk_size);
  for (std::uint32_t chunk = 0; chunk < manifest->chunks(); ++chunk) {
    const auto hash = store->hash_chunks(proto::ChunkIndex{chunk}, 1, scratch);
    if (!hash) return hash.fault();
    if (hash->front() != manifest->hashes[chunk]) return other;
  }
  return std::shared_ptr<const disk::Store>(std::move(store));
}

disk::Fault occupied(const std::string& path) {
  return disk::fault(
      EEXIST, fmt::format("{} is there already, with other bytes; fetch with --force to replace it "
                          "or with -o to put it elsewhere",
                          disk::in_quotes(path)));
}

// Chunks of nothing but zeros are neither asked for nor written: they are there from the start.
void take_zeros(const proto::Manifest& manifest, Prepared& prepared) {
  for (std::uint32_t i = 0; i < manifest.chunks(); ++i) {
    const proto::ChunkIndex chunk{i};
    const std::uint32_t length = manifest.length(chunk);
    if (manifest.hashes[i] == disk::zero_chunk_hash(length) && prepared.have.add(chunk))
      prepared.done_bytes += length;
  }
}

// An earlier attempt left its .part behind: what is right in it need not be fetched again.
disk::Result<std::shared_ptr<disk::WriteStore>>
take_over(const disk::Folders& folders, const std::string& path,
          const std::shared_ptr<const proto::Manifest>& manifest, Prepared& prepared) {
  auto parent = folders.open_parent(path, disk::Folders::Missing::refuse);
  if (!parent) return parent.fault();
  auto resumed = disk::WriteStore::resume(std::move(*parent), disk::Layout(manifest));
  if (!resumed) return resumed.fault();
  proto::Bytes scratch(manifest->chunk_size);
  for (std::uint32_t i = 0; i < manifest->chunks(); ++i) {
    const proto::ChunkIndex chunk{i};
    const proto::MutableView bytes = proto::MutableView(scratch).first(manifest->length(chunk));
    const iovec into{bytes.data(), bytes.size()};
    if (!resumed->store->read(manifest->offset(chunk), {&into, 1})) continue;
    if (disk::chunk_hash(bytes) != manifest->hashes[i]) continue;
    prepared.have.add(chunk);
    prepared.done_bytes += bytes.size();
  }
  return resumed->store;
}

Prepared failed(const std::string& path, const disk::Fault& fault) {
  Prepared prepared;
  prepared.path = path;
  prepared.fault = fault;
  return prepared;
}

} // namespace

Prepared prepare(const disk::Folders& folders, const Destination& destination,
                 const std::shared_ptr<const proto::Manifest>& manifest) {
  std::string path = destination.path;
  if (path.ends_with('/')) path += destination.name;
  auto parent = folders.open_parent(path, disk::Folders::Missing::create);
  if (!parent) return failed(path, parent.fault());
  const There there = look(*parent);
  if (there == There::folder && manifest->single_file())
    return failed(path, disk::fault(EISDIR, disk::in_quotes(path) +
                                                " is a folder; choose another place with -o"));
  Prepared prepared;
  prepared.path = path;
  prepared.have = proto::ChunkSet(manifest->chunks());
  if (there != There::nothing) {
    auto same = same_content(folders, path, manifest);
    if (!same && !destination.replace) return failed(path, same.fault());
    if (same && *same != nullptr) {
      prepared.existing = *same;
      prepared.have = proto::ChunkSet(manifest->chunks(), true);
      prepared.done_bytes = manifest->size;
      return prepared;
    }
    if (!destination.replace) return failed(path, occupied(path));
  }
  auto store = disk::WriteStore::create(std::move(*parent), disk::Layout(manifest));
  if (!store && store.fault().is(EEXIST)) store = take_over(folders, path, manifest, prepared);
  if (!store) return failed(path, store.fault());
  prepared.store = std::move(*store);
  take_zeros(*manifest, prepared);
  return prepared;
}

} // namespace p2pd::peer
