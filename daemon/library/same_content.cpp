#include "daemon/library/same_content.hpp"

#include "daemon/disk/file_system.hpp"
#include "daemon/disk/sameness.hpp"
#include "daemon/library/selection.hpp"
#include "daemon/store/scan.hpp"

#include <cerrno>
#include <random>

namespace p2pd::library {

using disk::Folders;
using proto::ChunkIndex;

bool same_shape(const proto::Manifest& scanned, const store::Layout& layout) {
  const std::vector<proto::Entry>& entries = layout.manifest().entries;
  if (entries.empty()) return scanned.single_file() && scanned.size == layout.manifest().size;
  auto found = scanned.entries.begin();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!layout.has_entry(i)) continue;
    const proto::Entry& entry = entries[i];
    if (found == scanned.entries.end() || found->kind != entry.kind || found->path != entry.path ||
        found->size != entry.size || found->target != entry.target)
      return false;
    ++found;
  }
  return found == scanned.entries.end();
}

namespace {

using Same = disk::Result<std::shared_ptr<const store::ReadStore>>;

// With the current identities of its files; null if they do not match the layout.
Same open_same_shape(Folders::Opened opened, const std::string& path, const store::Layout& layout,
                     const SharedFolders& beyond, const std::stop_token& stop) {
  const std::shared_ptr<const store::ReadStore> other;
  auto found = store::find_content(opened, path, layout, beyond.get(), stop);
  if (!found) return found.fault();
  if (!*found) return other;
  return std::make_shared<const store::ReadStore>(std::move(opened.fd), path, layout,
                                                  std::move(**found), beyond);
}

// The store if these chunks hash right, else null.
Same if_right(std::shared_ptr<const store::ReadStore> store,
              const std::vector<std::uint32_t>& chunks, const std::stop_token& stop) {
  const proto::Manifest& manifest = store->manifest();
  proto::Bytes scratch(manifest.chunk_size);
  for (const std::uint32_t chunk : chunks) {
    if (stop.stop_requested()) return disk::fault(ECANCELED, "stopped");
    const auto hash = store->hash_chunks(ChunkIndex{chunk}, 1, scratch);
    if (!hash) return hash.fault();
    if (hash->front() != manifest.hashes[chunk]) return std::shared_ptr<const store::ReadStore>();
  }
  return store;
}

std::vector<std::uint32_t> chunks_here(const store::Layout& layout) {
  std::vector<std::uint32_t> chunks;
  whole_chunks(layout).each([&](ChunkIndex chunk) { chunks.push_back(number(chunk)); });
  return chunks;
}

bool all_alike(const Before& before, const store::ReadStore& store, const disk::FileSystem& now) {
  if (before.identities.size() != store.identities().size()) return false;
  for (store::Layout::FileIndex file = 0; file < store.layout().files(); ++file)
    if (store.layout().has_file(file) &&
        disk::compare(before.identities[file], before.system, store.identities()[file], now) ==
            disk::Sameness::other)
      return false;
  return true;
}

} // namespace

Same same_content(Folders::Opened opened, const std::string& path, const store::Layout& layout,
                  const SharedFolders& beyond, const std::stop_token& stop) {
  Same store = open_same_shape(std::move(opened), path, layout, beyond, stop);
  if (!store || *store == nullptr) return store;
  return if_right(std::move(*store), chunks_here(layout), stop);
}

Same same_by_sample(Folders::Opened opened, const std::string& path, const store::Layout& layout,
                    const Before& before, const SharedFolders& beyond,
                    const std::stop_token& stop) {
  const disk::FileSystem now = disk::file_system_of(opened.fd.get());
  Same store = open_same_shape(std::move(opened), path, layout, beyond, stop);
  if (!store || *store == nullptr) return store;
  if (!all_alike(before, **store, now)) return std::shared_ptr<const store::ReadStore>();
  const std::vector<std::uint32_t> here = chunks_here(layout);
  std::mt19937_64 chance(std::random_device{}());
  std::vector<std::uint32_t> chosen = disk::sample(static_cast<std::uint32_t>(here.size()), chance);
  for (std::uint32_t& chunk : chosen) chunk = here[chunk];
  return if_right(std::move(*store), chosen, stop);
}

} // namespace p2pd::library
