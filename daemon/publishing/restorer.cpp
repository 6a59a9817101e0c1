#include "daemon/publishing/restorer.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/sameness.hpp"
#include "daemon/library/checked_manifest.hpp"
#include "daemon/library/same_content.hpp"
#include "daemon/library/selection.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>

namespace p2pd::publishing {

namespace {

constexpr std::size_t batch_size = 256;

} // namespace

Restorer::Restorer(const RestorerDeps& deps)
    : deps_(deps), again_(deps.loop, io::bind<&Restorer::try_again>(this)) {}

void Restorer::restore(std::vector<state::LibraryRecord> records) {
  for (state::LibraryRecord& record : records) waiting_.push_back(std::move(record));
  next();
}

void Restorer::restore(const ContentId& content) {
  deps_.state.ask([content](state::StateStore& store) { return store.library(content); },
                  alive_.guard([](Restorer& self,
                                  const disk::Result<std::vector<state::LibraryRecord>>& records) {
                    if (records) self.restore(*records);
                  }));
}

void Restorer::stop() {
  stop_.request_stop();
  job_.drop();
  again_.stop();
  alive_.end();
}

// What needs no hashing comes first.
void Restorer::next() {
  if (job_.running() || asking_) return;
  if (waiting_.empty()) {
    if (changed_.empty()) return;
    const state::LibraryRecord record = std::move(changed_.front());
    changed_.pop_front();
    return rehash(record);
  }
  auto records = std::make_shared<Records>();
  for (; !waiting_.empty() && records->size() < batch_size; waiting_.pop_front())
    records->push_back(std::move(waiting_.front()));
  asking_ = true;
  deps_.state.ask([records](state::StateStore& store) { return store.known_files(*records); },
                  alive_.guard([records](Restorer& self, disk::Result<Batch> known) {
                    self.asking_ = false;
                    self.on_known(std::move(known), *records);
                  }));
}

// `left`: what did not fit into one batch.
void Restorer::on_known(disk::Result<Batch> known, const Records& left) {
  if (known) {
    waiting_.insert(waiting_.begin(), left.begin(), left.end());
    return check(std::move(*known));
  }
  for (const state::LibraryRecord& record : left) later(record, known.fault().message);
  next();
}

void Restorer::check(Batch batch) {
  struct Checked {
    Batch batch;
    std::vector<Looked> looked;
  };
  job_ = io::run(
      deps_.loop,
      [folders = deps_.folders, batch = std::move(batch), stop = stop_.get_token()]() mutable {
        Checked checked{std::move(batch), {}};
        for (const state::KnownFiles& known : checked.batch)
          checked.looked.push_back(stop.stop_requested() ? Looked() : look(folders, known));
        return checked;
      },
      [this](const Checked& checked) {
        for (std::size_t i = 0; i < checked.batch.size(); ++i) {
          const state::LibraryRecord& record = checked.batch[i].record;
          switch (checked.looked[i].verdict) {
          case Verdict::unchanged:
            enter(record, checked.looked[i].have, checked.looked[i].attributes);
            break;
          case Verdict::changed:
            changed_.push_back(record);
            break;
          case Verdict::missing:
            missing(record);
            break;
          case Verdict::unknown:
            later(record, checked.looked[i].cause);
          }
        }
        next();
      });
}

Restorer::Looked Restorer::looked(const disk::Fault& fault) {
  if (fault.is(ESTALE)) return {Verdict::changed, {}};
  if (!fault.passes()) return {Verdict::missing, {}};
  return {Verdict::unknown, {}, {}, fault.message};
}

// Pool thread. A single file can be checked without its manifest.
Restorer::Looked Restorer::look(const library::PeerFolders& folders,
                                const state::KnownFiles& known) {
  if (known.manifest) {
    const auto content =
        library::open_content(folders, known.record, known.identities, known.manifest, true);
    if (!content) return looked(content.fault());
    const auto layout = library::choose_files(content->manifest, known.record.only);
    return {Verdict::unchanged, layout ? library::whole_chunks(*layout) : proto::ChunkSet()};
  }
  const auto opened = folders.open(known.record.path);
  struct stat status;
  if (!opened) return looked(opened.fault());
  if (::fstat(opened->fd.get(), &status) != 0)
    return looked(disk::system_fault(errno, "look at", known.record.path));
  const disk::Attributes attributes(status);
  const bool same =
      S_ISREG(status.st_mode) && known.identities.size() == 1 &&
      disk::compare(known.identities.front(), known.record.system, disk::Identity(status),
                    disk::file_system_of(opened->fd.get())) == disk::Sameness::same;
  return {same ? Verdict::unchanged : Verdict::changed, {}, attributes};
}

void Restorer::rehash(const state::LibraryRecord& record) {
  asking_ = true;
  deps_.state.ask(
      [record](state::StateStore& store) {
        return state::KnownFiles{record, store.identities(record.content, record.path),
                                 store.manifest(record.content)};
      },
      alive_.guard([record](Restorer& self, disk::Result<state::KnownFiles> known) {
        self.asking_ = false;
        if (!known) self.later(record, known.fault().message);
        if (known && !known->manifest) self.later_.erase({record.content, record.path});
        if (!known || !known->manifest) return self.next(); // withdrawn meanwhile
        self.job_ = io::run(
            self.deps_.loop,
            [folders = self.deps_.folders, known = std::move(*known),
             stop = self.stop_.get_token()] { return hash(folders, known, stop); },
            [&self, record](const Rehashed& rehashed) { self.on_rehashed(record, rehashed); });
      }));
}

// Pool thread.
Restorer::Rehashed Restorer::hash(const library::PeerFolders& folders,
                                  const state::KnownFiles& known, const std::stop_token& stop) {
  const state::LibraryRecord& record = known.record;
  Rehashed rehashed;
  rehashed.manifest = known.manifest;
  const library::OpenContent content = library::checked_manifest(record.content, rehashed.manifest);
  if (content.manifest == nullptr) return rehashed;
  const auto layout = library::choose_files(content.manifest, record.only);
  if (!layout) return rehashed;
  auto opened = folders.open(record.path);
  if (!opened) {
    rehashed.fault = opened.fault();
    return rehashed;
  }
  rehashed.system = disk::file_system_of(opened->fd.get()).id;
  rehashed.have = library::whole_chunks(*layout);
  struct stat status;
  if (!record.tree && ::fstat(opened->fd.get(), &status) == 0)
    rehashed.attributes = disk::Attributes(status);
  auto same = library::same_by_sample(std::move(*opened), record.path, *layout,
                                      {known.identities, record.system}, folders.shared, stop);
  if (same) rehashed.store = *same;
  rehashed.sampled = rehashed.store != nullptr;
  if (rehashed.sampled) return rehashed;
  base::log::info("library", "{} has changed and is hashed again", disk::in_quotes(record.path));
  opened = folders.open(record.path);
  if (opened)
    same = library::same_content(std::move(*opened), record.path, *layout, folders.shared, stop);
  if (!opened)
    rehashed.fault = opened.fault();
  else if (!same)
    rehashed.fault = same.fault();
  else
    rehashed.store = *same;
  return rehashed;
}

void Restorer::on_rehashed(const state::LibraryRecord& record, const Rehashed& rehashed) {
  if (rehashed.fault && rehashed.fault->meaning() == disk::Meaning::gone) {
    missing(record);
  } else if (rehashed.fault) {
    later(record, rehashed.fault->message);
  } else if (rehashed.store == nullptr) {
    later_.erase({record.content, record.path});
    base::log::warn("library",
                    "{} is another content now and not offered any more; publish it again",
                    disk::in_quotes(record.path));
    deps_.state.change(state::StateDb::Durable::no, [record](state::StateStore& store) {
      store.withhold(record.content, record.path);
    });
  } else {
    state::LibraryRecord fresh = record;
    fresh.verified = rehashed.sampled ? 0 : std::time(nullptr); // 0: the next to be verified
    fresh.system = rehashed.system;
    deps_.state.change(state::StateDb::Durable::no,
                       [fresh, identities = rehashed.store->identities(),
                        manifest = rehashed.manifest](state::StateStore& store) {
                         store.put_library(fresh, identities, *manifest);
                       });
    enter(fresh, rehashed.have, rehashed.attributes);
  }
  next();
}

void Restorer::missing(const state::LibraryRecord& record) {
  later_.erase({record.content, record.path});
  base::log::warn("library", "{} is missing; it will be offered again when it is back",
                  disk::in_quotes(record.path));
}

void Restorer::later(const state::LibraryRecord& record, const std::string& cause) {
  Later& later = later_[{record.content, record.path}];
  if (std::exchange(later.cause, cause) != cause)
    base::log::warn("library", "{}; it will be offered again when it can be read", cause);
  if (std::ranges::find(later.records, record) == later.records.end())
    later.records.push_back(record);
  if (later.due == io::Time{}) later.due = io::Clock::now() + later.backoff.next();
  arm();
}

void Restorer::try_again() {
  const io::Time now = io::Clock::now();
  for (auto& [key, later] : later_) {
    if (later.due == io::Time{} || later.due > now) continue;
    later.due = {};
    for (state::LibraryRecord& record : std::exchange(later.records, {}))
      waiting_.push_back(std::move(record));
  }
  arm();
  next();
}

void Restorer::arm() {
  io::Time first = io::Time::max();
  for (const auto& [key, later] : later_)
    if (later.due != io::Time{}) first = std::min(first, later.due);
  again_.stop();
  if (first != io::Time::max())
    again_.once(io::ceil_milliseconds(std::max(first - io::Clock::now(), io::Clock::duration(0))));
}

std::vector<library::Trouble> Restorer::troubles() const {
  std::vector<library::Trouble> troubles;
  for (const auto& [key, later] : later_) troubles.push_back({key.second, later.cause});
  return troubles;
}

void Restorer::enter(const state::LibraryRecord& record, std::optional<proto::ChunkSet> have,
                     const std::optional<disk::Attributes>& attributes) {
  later_.erase({record.content, record.path});
  library::Item* item = deps_.library.find(record.content);
  if (item == nullptr) {
    library::Item fresh;
    fresh.id = record.content;
    fresh.size = record.size;
    fresh.chunk_size = record.chunk_size;
    fresh.path = record.path;
    fresh.tree = record.tree;
    fresh.attributes = attributes;
    fresh.only = record.only;
    fresh.system = record.system;
    fresh.written = record.written;
    fresh.added = record.added;
    fresh.verified = record.verified;
    const auto chunks =
        static_cast<std::uint32_t>(proto::chunk_count(record.size, record.chunk_size));
    fresh.have = have ? std::move(*have) : proto::ChunkSet(chunks, true);
    item = &deps_.library.add(std::move(fresh));
  }
  deps_.library.name(*item, record.name, record.claim);
  deps_.trackers.announce(*item, [](std::size_t) {});
}

} // namespace p2pd::publishing
