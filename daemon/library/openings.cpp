#include "daemon/library/openings.hpp"

#include "daemon/disk/file_system.hpp"
#include "daemon/disk/manifest_memory.hpp"
#include "daemon/disk/open_files.hpp"
#include "daemon/library/checked_manifest.hpp"
#include "daemon/library/selection.hpp"

#include <fcntl.h>

namespace p2pd::library {

namespace {

constexpr std::size_t most_open = 256;
constexpr io::milliseconds longest_unused{5000}; // how long an unused file stays open
constexpr io::milliseconds close_period{2500};

} // namespace

disk::Result<disk::Folders::Opened> PeerFolders::open(const std::string& path) const {
  auto opened = shared->open_file(path, O_RDONLY);
  const bool elsewhere = !opened && opened.fault().is(EPERM);
  if (opened || (!elsewhere && !opened.fault().passes())) return opened;
  auto fetched = destinations->open_file(path, O_RDONLY);
  return fetched || elsewhere ? std::move(fetched) : std::move(opened);
}

store::FileSet::Reopen PeerFolders::reopen(const std::string& path) const {
  return [folders = *this, path]() -> disk::Result<disk::Fd> {
    auto opened = folders.open(path);
    if (!opened) return opened.fault();
    return std::move(opened->fd);
  };
}

disk::Result<OpenContent> open_content(const PeerFolders& folders,
                                       const state::LibraryRecord& record,
                                       const std::vector<disk::Identity>& identities,
                                       std::shared_ptr<const proto::Bytes> manifest, bool strict,
                                       const store::FileSet::Reopen& reopen) {
  OpenContent content = checked_manifest(record.content, std::move(manifest));
  if (content.manifest == nullptr)
    return disk::fault(EBADMSG, disk::in_quotes(record.path) + " has a damaged manifest");
  auto opened = folders.open(record.path);
  if (!opened) return opened.fault();
  const auto layout = choose_files(content.manifest, record.only);
  if (!layout) return layout.fault();
  const std::uint64_t system = strict ? disk::file_system_of(opened->fd.get()).id : 0;
  auto store =
      reopen ? std::make_shared<const store::ReadStore>(std::move(opened->fd), reopen, record.path,
                                                        *layout, identities, folders.shared)
             : std::make_shared<const store::ReadStore>(std::move(opened->fd), record.path, *layout,
                                                        identities, folders.shared);
  disk::Outcome unchanged = strict ? store->untouched() : store->unchanged();
  if (!unchanged) return unchanged.fault();
  if (strict && record.system != 0 && system != 0 && record.system != system)
    return disk::fault(ESTALE, disk::in_quotes(record.path) + " is on another file system now");
  content.store = std::move(store);
  return content;
}

Openings::Openings(io::Loop& loop, state::StateDb& state, Library& library, PeerFolders folders,
                   std::size_t most_bytes)
    : loop_(loop)
    , state_(state)
    , library_(library)
    , folders_(std::move(folders))
    , most_bytes_(most_bytes)
    , look_(loop, io::bind<&Openings::close_unused>(this)) {}

void Openings::open(Item& item, Done done) {
  if (item.content != nullptr) {
    used(item);
    return done(item.content);
  }
  Opening& opening = openings_[item.id];
  opening.waiting.push_back(std::move(done));
  if (opening.waiting.size() > 1) return;
  opening.record = records_of(item).front();
  state_.ask([record = opening.record](
                 state::StateStore& store) { return stored(store, record, large_manifest); },
             alive_.guard([id = item.id](Openings& self, disk::Result<Stored> stored) {
               self.on_stored(id, std::move(stored));
             }));
}

Openings::Stored Openings::stored(state::StateStore& store, const state::LibraryRecord& record,
                                  std::size_t most) {
  Stored stored{{}, store.manifest_size(record.content), nullptr};
  if (!stored.size || *stored.size > most) return stored;
  stored.manifest = store.manifest(record.content);
  stored.identities = store.identities(record.content, record.path);
  return stored;
}

void Openings::on_stored(const ContentId& id, disk::Result<Stored> stored) {
  const auto opening = openings_.find(id);
  if (opening == openings_.end()) return; // everything was stopped
  if (!stored) return finish(id, stored.fault());
  const state::LibraryRecord& record = opening->second.record;
  if (!stored->size)
    return finish(id, disk::fault(ENOENT, disk::in_quotes(record.path) + " is not known any more"));
  if (stored->manifest == nullptr) {
    if (reading_ == id)
      return finish(id,
                    disk::fault(EBADMSG, disk::in_quotes(record.path) + " has a damaged manifest"));
    large_.emplace_back(id, *stored->size);
    return read_next_large();
  }
  opening->second.job = io::run(
      loop_,
      [folders = folders_, record, identities = std::move(stored->identities),
       manifest = std::move(stored->manifest)] {
        return open_content(folders, record, identities, manifest, false,
                            folders.reopen(record.path));
      },
      [this, id](const disk::Result<OpenContent>& content) { finish(id, content); });
}

void Openings::read_next_large() {
  if (reading_ || large_.empty()) return;
  const auto [id, size] = large_.front();
  large_.pop_front();
  reading_ = id;
  make_room(disk::most_memory_of(size), 0);
  state_.ask([record = openings_.at(id).record](
                 state::StateStore& store) { return stored(store, record, proto::max_manifest); },
             alive_.guard([id = id](Openings& self, disk::Result<Stored> stored) {
               self.on_stored(id, std::move(stored));
             }));
}

void Openings::finish(const ContentId& id, const disk::Result<OpenContent>& content) {
  const auto opening = openings_.extract(id);
  if (opening.empty()) return;
  Item* const item = library_.find(id);
  Opened answer = disk::fault(ENOENT, "it was withdrawn meanwhile");
  if (!content) {
    answer = content.fault();
  } else if (item != nullptr) {
    if (item->content == nullptr) item->content = std::make_shared<const OpenContent>(*content);
    used(*item);
    answer = item->content;
  }
  if (reading_ == id) reading_.reset();
  for (const Done& done : opening.mapped().waiting) done(answer);
  read_next_large();
}

// What a transfer writes is kept open by that transfer.
void Openings::used(const Item& item) {
  if (!look_.active()) look_.every(close_period);
  const std::size_t bytes = item.fetching ? 0 : memory_of(*item.content);
  auto place = places_.find(item.id);
  if (place == places_.end()) {
    used_.push_front({item.id, 0});
    place = places_.emplace(item.id, used_.begin()).first;
  }
  kept_ += bytes - place->second->bytes;
  place->second->bytes = bytes;
  used_.splice(used_.begin(), used_, place->second);
  make_room(0, 1);
}

// Evicts the least recently used for so many more bytes, but never the latest `spared`.
void Openings::make_room(std::size_t bytes, std::size_t spared) {
  const auto is_full = [&] { return used_.size() > most_open || kept_ + bytes > most_bytes_; };
  for (std::size_t left = used_.size(); left > spared && is_full(); --left) {
    const auto oldest = std::prev(used_.end());
    Item* const item = library_.find(oldest->content);
    if (item != nullptr && item->fetching) {
      used_.splice(used_.begin(), used_, oldest); // in use: it becomes the most recently used
      continue;
    }
    if (item != nullptr) item->content = nullptr;
    kept_ -= oldest->bytes;
    places_.erase(oldest->content);
    used_.pop_back();
  }
}

void Openings::manifest_size(const ContentId& content,
                             std::function<void(disk::Result<std::optional<std::size_t>>)> done) {
  state_.ask([content](state::StateStore& store) { return store.manifest_size(content); },
             std::move(done));
}

void Openings::read_manifest(const ContentId& content, std::size_t offset,
                             std::vector<proto::MutableView> into,
                             std::shared_ptr<const void> owner,
                             std::function<void(const disk::Outcome&)> done) {
  state_.ask([content, offset, into = std::move(into), owner = std::move(owner)](
                 state::StateStore& store) { return store.read_manifest(content, offset, into); },
             [done = std::move(done)](const disk::Result<bool>& read) {
               if (!read) return done(read.fault());
               done(*read ? disk::Outcome()
                          : disk::fault(ENOENT, "its manifest is not here any more"));
             });
}

// Closing the last descriptor of a deleted file frees its space, which may take long.
void Openings::close_unused() {
  if (closing_.running()) return;
  if (disk::open_files().count() == 0) return look_.stop();
  closing_ = io::run(
      loop_,
      [] {
        disk::open_files().close_unused(disk::OpenFiles::Clock::now() - longest_unused);
        return true;
      },
      [](bool) {});
}

void Openings::stop() {
  look_.stop();
  large_.clear();
  openings_.clear();
}

} // namespace p2pd::library
