#include "daemon/transfer/destination.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/digest.hpp"
#include "daemon/disk/file_system.hpp"
#include "daemon/disk/whereabouts.hpp"
#include "daemon/library/same_content.hpp"
#include "daemon/library/selection.hpp"
#include "proto/units.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

namespace p2pd::transfer {

namespace {

using disk::Folders;
using proto::ChunkIndex;

enum class There : std::uint8_t { nothing, folder, other };

disk::Result<There> look(const Folders::Parent& parent) {
  struct stat status {};
  if (::fstatat(parent.folder.get(), parent.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (disk::passes(disk::meaning_of(errno)))
      return disk::system_fault(errno, "look at", parent.path);
    return There::nothing;
  }
  return S_ISDIR(status.st_mode) ? There::folder : There::other;
}

disk::Fault occupied(const std::string& path) {
  return disk::fault(
      EEXIST, fmt::format("{} is there already, with other bytes; fetch with --force to replace it "
                          "or with -o to put it elsewhere",
                          disk::in_quotes(path)));
}

// A later fetch would take what has such a name for what an earlier one has left.
disk::Fault for_parts(const std::string& path) {
  return disk::fault(EINVAL, fmt::format("{} is a name of p2pd's own, for what is not whole yet; "
                                         "choose another one with -o",
                                         disk::in_quotes(path)));
}

// Whether what has the name of the part of a file is none. A part has its size from the first
// moment, or is still empty.
bool is_not_ours(const Folders::Parent& parent, const proto::Manifest& manifest) {
  struct stat status {};
  const std::string part = store::part_name(parent.leaf);
  return manifest.single_file() &&
         ::fstatat(parent.folder.get(), part.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         !disk::fits_part(static_cast<std::uint64_t>(status.st_size), manifest);
}

disk::Fault not_ours(const Folders::Parent& parent) {
  const std::string part = store::folder_of(parent.path) + store::part_name(parent.leaf);
  return disk::fault(EEXIST, fmt::format("{} is there already and is no part of this content; move "
                                         "it away or choose another place with -o",
                                         disk::in_quotes(part)));
}

// Chunks of nothing but zeros are not asked for. In a new part they are there from the start;
// elsewhere other bytes may be in their place.
disk::Outcome take_zeros(const proto::Manifest& manifest, Prepared& prepared) {
  proto::Bytes zeros;
  for (std::uint32_t i = 0; i < manifest.chunks(); ++i) {
    const ChunkIndex chunk{i};
    if (prepared.have.has(chunk) || !disk::is_zero_chunk(manifest, chunk)) continue;
    if (!prepared.is_new && prepared.wanted.has(chunk)) {
      zeros.resize(manifest.chunk_size);
      const proto::View bytes = proto::View(zeros).first(manifest.length(chunk));
      if (disk::Outcome put = prepared.store->write(manifest.offset(chunk), bytes); !put)
        return put;
    }
    prepared.have.add(chunk);
  }
  return {};
}

// Every chunk that is right in what an earlier attempt left behind.
disk::Outcome verify_all(const store::WriteStore& store, Prepared& prepared,
                         const std::stop_token& stop) {
  const proto::Manifest& manifest = store.layout().manifest();
  proto::Bytes scratch(manifest.chunk_size);
  for (std::uint32_t i = 0; i < manifest.chunks(); ++i) {
    if (stop.stop_requested()) return disk::fault(ECANCELED, "stopped");
    const ChunkIndex chunk{i};
    const proto::MutableView bytes = proto::MutableView(scratch).first(manifest.length(chunk));
    const iovec into{bytes.data(), bytes.size()};
    if (!prepared.wanted.has(chunk)) continue;
    if (const disk::Outcome read = store.read(manifest.offset(chunk), {&into, 1}); !read) {
      // What a device does not give back can be written again; all else says nothing of the chunk.
      if (read.fault().passes() && !read.fault().is(EIO)) return read.fault();
      continue;
    }
    if (disk::chunk_hash(bytes) == manifest.hashes[i]) prepared.have.add(chunk);
  }
  return {};
}

bool any_lost(const proto::ChunkSet& saved, const std::vector<bool>& lost) {
  return saved.any([&](ChunkIndex chunk) { return lost[number(chunk)]; });
}

// What was changed before this was left by p2pd, or by the crash that ended it. 0: other machines
// may have been there.
std::int64_t alone_before(int folder) {
  constexpr std::array<std::uint32_t, 5> local{EXT4_SUPER_MAGIC, BTRFS_SUPER_MAGIC,
                                               F2FS_SUPER_MAGIC, 0x58465342 /* XFS */,
                                               0x2fc12fc1 /* ZFS */};
  struct statfs system;
  const bool alone =
      ::fstatfs(folder, &system) == 0 &&
      std::ranges::find(local, static_cast<std::uint32_t>(system.f_type)) != local.end();
  return alone ? disk::machine_started_ns() : 0;
}

// Where something of it was there, an empty folder is a disk that is not mounted.
disk::Fault gone(const std::string& path) {
  return disk::fault(
      ENOENT, fmt::format("the part that was fetched of {} is not there; mount its disk or put it "
                          "back, or cancel this transfer and fetch anew",
                          disk::in_quotes(path)));
}

store::MissingChunks missing_of(const proto::ChunkSet& have) {
  store::MissingChunks missing(have.chunks(), true);
  have.each([&](ChunkIndex chunk) { missing[number(chunk)] = false; });
  return missing;
}

// Goes on with an earlier attempt. ENOENT where there is none.
disk::Outcome take_over(Folders::Parent parent, const store::Layout& layout,
                        const std::optional<Saved>& saved, Prepared& prepared,
                        const std::stop_token& stop) {
  const std::int64_t started = alone_before(parent.folder.get());
  auto resumed = store::WriteStore::resume(std::move(parent), layout, stop);
  if (!resumed) return resumed.fault();
  prepared.store = resumed->store;
  if (saved && !any_lost(saved->chunks, resumed->lost) &&
      disk::holds_what_was_synced(saved->mark, resumed->mark, started)) {
    prepared.have = saved->chunks;
  } else {
    if (saved)
      base::log::warn("transfers",
                      "what was fetched of {} is not as it was left; it is hashed, and what is not "
                      "right is fetched again",
                      disk::in_quotes(prepared.path));
    if (disk::Outcome verified = verify_all(*prepared.store, prepared, stop); !verified)
      return verified;
    prepared.store->begin_line();
  }
  if (disk::Outcome space = prepared.store->reserve_space(missing_of(prepared.have), stop); !space)
    return space;
  if (disk::Outcome zeros = take_zeros(layout.manifest(), prepared); !zeros) return zeros;
  const disk::Result<disk::PartMark> mark = prepared.store->sync();
  if (!mark) return mark.fault();
  prepared.mark = *mark;
  return {};
}

disk::Outcome make(Folders::Parent parent, const store::Layout& layout, Prepared& prepared,
                   const std::stop_token& stop) {
  auto made = store::WriteStore::create(std::move(parent), layout, stop);
  if (!made) return made.fault();
  prepared.store = std::move(*made);
  prepared.is_new = true;
  return take_zeros(layout.manifest(), prepared);
}

disk::Outcome open_in_place(Folders::Parent parent, const store::Layout& layout,
                            const std::optional<Saved>& saved, Prepared& prepared,
                            const std::stop_token& stop) {
  auto opened = store::WriteStore::repair(std::move(parent), layout, stop);
  if (!opened) return opened.fault();
  prepared.store = std::move(*opened);
  if (saved)
    prepared.have = saved->chunks;
  else if (disk::Outcome verified = verify_all(*prepared.store, prepared, stop); !verified)
    return verified;
  return take_zeros(layout.manifest(), prepared);
}

disk::Result<std::shared_ptr<const store::ReadStore>> look_inside(const Folders& folders,
                                                                  const std::string& path,
                                                                  const store::Layout& layout,
                                                                  const std::stop_token& stop) {
  auto opened = folders.open_file(path, O_RDONLY);
  if (!opened) return opened.fault();
  return library::same_content(std::move(*opened), path, layout, nullptr, stop);
}

disk::Outcome prepare_into(const Folders& folders, const Destination& destination,
                           const store::Layout& layout, Prepared& prepared,
                           const std::stop_token& stop) {
  const std::shared_ptr<const proto::Manifest>& manifest = layout.shared_manifest();
  const auto open_parent = [&] {
    return folders.open_parent(prepared.path, destination.saved ? Folders::Missing::refuse
                                                                : Folders::Missing::create);
  };
  auto parent = open_parent();
  if (!parent && destination.saved && parent.fault().is(ENOENT)) return gone(prepared.path);
  if (!parent) return parent.fault();
  prepared.system = disk::file_system_of(parent->folder.get()).id;
  if (destination.repair)
    return open_in_place(std::move(*parent), layout, destination.saved, prepared, stop);
  if (store::is_own_name(parent->leaf)) return for_parts(prepared.path);
  if (destination.replace)
    if (disk::Outcome settled = store::WriteStore::settle(*parent); !settled) return settled;
  const disk::Result<There> there = look(*parent);
  if (!there) return there.fault();
  if (*there == There::folder && manifest->single_file())
    return disk::fault(EISDIR, disk::in_quotes(prepared.path) +
                                   " is a folder; choose another place with -o");
  if (*there != There::nothing) {
    const auto same = look_inside(folders, prepared.path, layout, stop);
    if (same && *same != nullptr) {
      prepared.existing = *same;
      prepared.have = library::whole_chunks(layout);
      return {};
    }
    if (!same && same.fault().meaning() == disk::Meaning::exhausted) return same.fault();
    if (!destination.replace) return same ? occupied(prepared.path) : disk::Outcome(same.fault());
  }
  if (destination.again) store::rename_old_part(*parent, layout);
  if (!destination.saved && is_not_ours(*parent, *manifest)) return not_ours(*parent);
  const bool is_part =
      disk::key_of(parent->folder.get(), store::part_name(parent->leaf)).has_value();
  if (!is_part && errno == ENOENT && !destination.saved)
    return make(std::move(*parent), layout, prepared, stop);
  disk::Outcome taken = take_over(std::move(*parent), layout, destination.saved, prepared, stop);
  if (taken || !taken.fault().is(ENOENT)) return taken;
  if (destination.saved) return gone(prepared.path);
  auto again = open_parent();
  if (!again) return again.fault();
  return make(std::move(*again), layout, prepared, stop);
}

} // namespace

std::string too_large(std::uint64_t bytes, std::uint64_t most) {
  return fmt::format("its {} are more than [peer] fetch_max_size = {} allows; raise that and run "
                     "p2pctl reload",
                     proto::format_size(bytes), proto::format_size(most));
}

std::string final_path(const std::string& path, const std::string& name) {
  return path.ends_with('/') ? path + name : path;
}

Prepared prepare(const Folders& folders, const Destination& destination,
                 const std::shared_ptr<const proto::Manifest>& manifest,
                 const std::stop_token& stop) {
  Prepared prepared;
  prepared.path = final_path(destination.path, destination.name);
  prepared.have = proto::ChunkSet(manifest->chunks());
  const auto layout = library::choose_files(manifest, destination.only);
  if (!layout) {
    prepared.fault = layout.fault();
    return prepared;
  }
  prepared.wanted = library::wanted_chunks(*layout);
  const std::uint64_t bytes = library::bytes_of(*manifest, prepared.wanted);
  if (destination.max_size > 0 && bytes > destination.max_size) {
    prepared.fault = disk::fault(EFBIG, disk::in_quotes(destination.name) + " is too large: " +
                                            too_large(bytes, destination.max_size));
    return prepared;
  }
  if (const auto done = prepare_into(folders, destination, *layout, prepared, stop); !done)
    prepared.fault = done.fault();
  return prepared;
}

bool leave_part(const Folders& folders, const Destination& destination,
                const std::shared_ptr<const proto::Manifest>& manifest) {
  const auto layout = library::choose_files(manifest, destination.only);
  if (!layout || destination.repair) return false;
  auto parent =
      folders.open_parent(final_path(destination.path, destination.name), Folders::Missing::refuse);
  if (!parent) return false;
  if (destination.replace)
    if (const auto settled = store::WriteStore::settle(*parent); !settled)
      base::log::warn("disk", "{}", settled.fault().message);
  store::rename_old_part(*parent, *layout);
  auto resumed = store::WriteStore::resume(std::move(*parent), *layout);
  return resumed && resumed->store->leave();
}

} // namespace p2pd::transfer
