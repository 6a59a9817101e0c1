#include "daemon/library/openings.hpp"

#include "daemon/disk/file_system.hpp"
#include "daemon/disk/open_files.hpp"
#include "daemon/library/checked_manifest.hpp"
#include "daemon/library/selection.hpp"

#include <fcntl.h>

namespace p2pd::library {

namespace {

constexpr std::size_t most_open = 256;
constexpr io::milliseconds longest_unused{5000}; // that a file stays open
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

disk::Result<Content> open_content(const PeerFolders& folders, const state::LibraryRecord& record,
                                   const std::vector<disk::Identity>& identities,
                                   const proto::Bytes& manifest, bool strict,
                                   const store::FileSet::Reopen& reopen) {
  Content content =
      checked_manifest(record.content, std::make_shared<const proto::Bytes>(manifest));
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

Openings::Openings(io::Loop& loop, state::StateDb& state, Library& library, PeerFolders folders)
    : loop_(loop)
    , state_(state)
    , library_(library)
    , folders_(std::move(folders))
    , look_(loop, io::bind<&Openings::close_unused>(this)) {}

void Openings::open(Item& item, Done done) {
  if (item.content != nullptr) {
    used(item);
    return done(item.content);
  }
  Opening& opening = openings_[item.id];
  opening.waiting.push_back(std::move(done));
  if (opening.waiting.size() > 1) return;
  struct Stored {
    std::vector<disk::Identity> identities;
    std::optional<proto::Bytes> manifest;
  };
  const state::LibraryRecord record = records_of(item).front();
  state_.ask(
      [record](state::StateStore& store) {
        return Stored{store.identities(record.content, record.path),
                      store.manifest(record.content)};
      },
      alive_.guard([record](Openings& self, disk::Result<Stored> stored) {
        if (!stored) return self.finish(record.content, stored.fault());
        self.on_stored(record.content, record, std::move(stored->identities),
                       std::move(stored->manifest));
      }));
}

void Openings::on_stored(const ContentId& id, const state::LibraryRecord& record,
                         std::vector<disk::Identity> identities,
                         std::optional<proto::Bytes> manifest) {
  if (!manifest)
    return finish(id, disk::fault(ENOENT, disk::in_quotes(record.path) + " is not known any more"));
  openings_[id].job = io::run(
      loop_,
      [folders = folders_, record, identities = std::move(identities),
       manifest = std::move(*manifest)] {
        return open_content(folders, record, identities, manifest, false,
                            folders.reopen(record.path));
      },
      [this, id](const disk::Result<Content>& content) { finish(id, content); });
}

void Openings::finish(const ContentId& id, const disk::Result<Content>& content) {
  const auto opening = openings_.extract(id);
  if (opening.empty()) return;
  Item* const item = library_.find(id);
  Opened answer = disk::fault(ENOENT, "it was withdrawn meanwhile");
  if (!content) {
    answer = content.fault();
  } else if (item != nullptr) {
    if (item->content == nullptr) item->content = std::make_shared<const Content>(*content);
    used(*item);
    answer = item->content;
  }
  for (const Done& done : opening.mapped().waiting) done(answer);
}

void Openings::used(const Item& item) {
  if (!look_.active()) look_.every(close_period);
  if (const auto place = places_.find(item.id); place != places_.end()) {
    used_.splice(used_.begin(), used_, place->second);
    return;
  }
  used_.push_front(item.id);
  places_[item.id] = used_.begin();
  if (used_.size() > most_open) close_oldest();
}

// What a transfer writes stays open; it comes in front again.
void Openings::close_oldest() {
  const ContentId id = used_.back();
  Item* const item = library_.find(id);
  if (item != nullptr && item->fetching) {
    used_.splice(used_.begin(), used_, std::prev(used_.end()));
    return;
  }
  if (item != nullptr) item->content = nullptr;
  places_.erase(id);
  used_.pop_back();
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
  openings_.clear();
}

} // namespace p2pd::library
