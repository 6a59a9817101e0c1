#include "daemon/publishing/source_watch.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/sameness.hpp"

#include <algorithm>
#include <sys/stat.h>

namespace p2pd::publishing {

namespace {

constexpr io::milliseconds look_pause{5000};
constexpr std::size_t batches_of_round = 24; // two minutes
constexpr std::size_t smallest_batch = 64;
constexpr int share_of_core = 50;

Presence presence_of(const disk::Fault& fault) {
  return fault.meaning() == disk::Meaning::gone ? Presence::gone : Presence::unknown;
}

} // namespace

Measure measure(Presence presence, Listing listing) {
  if (listing == Listing::busy || presence == Presence::unknown) return Measure::none;
  if (listing == Listing::offered)
    return presence == Presence::same ? Measure::none : Measure::doubt;
  return presence == Presence::gone ? Measure::none : Measure::restore;
}

SourceWatch::SourceWatch(SourceWatchDeps deps)
    : deps_(std::move(deps)), timer_(deps_.loop, io::bind<&SourceWatch::next>(this)) {}

void SourceWatch::start() {
  timer_.once(look_pause);
}

void SourceWatch::stop() {
  stop_.request_stop();
  job_.drop();
  timer_.stop();
  alive_.end();
}

void SourceWatch::next() {
  if (round_.empty())
    return deps_.state.ask(
        [](state::StateStore& store) { return store.library(); },
        alive_.guard([](SourceWatch& self, disk::Result<std::vector<state::LibraryRecord>> all) {
          Round round;
          if (all) std::ranges::move(*all, std::back_inserter(round));
          self.begin_round(std::move(round));
        }));
  auto records = std::make_shared<Round>();
  for (; !round_.empty() && records->size() < batch_size_; round_.pop_front())
    if (listing(round_.front()) != Listing::busy) records->push_back(std::move(round_.front()));
  deps_.state.ask([records](state::StateStore& store) { return store.known_files(*records); },
                  alive_.guard([records](SourceWatch& self, disk::Result<Batch> known) {
                    for (; !records->empty(); records->pop_back())
                      self.round_.push_front(std::move(records->back()));
                    self.look(known ? std::move(*known) : Batch());
                  }));
}

void SourceWatch::begin_round(Round round) {
  round_ = std::move(round);
  batch_size_ = std::max(smallest_batch, round_.size() / batches_of_round + 1);
  if (round_.empty()) return timer_.once(look_pause);
  next();
}

void SourceWatch::look(Batch batch) {
  std::vector<state::LibraryRecord> records;
  for (const state::KnownFiles& known : batch) records.push_back(known.record);
  began_ = io::Clock::now();
  job_ = io::run(
      deps_.loop,
      [folders = deps_.folders, batch = std::move(batch), stop = stop_.get_token()] {
        std::vector<Presence> presences;
        for (const state::KnownFiles& known : batch)
          presences.push_back(stop.stop_requested() ? Presence::unknown : look_at(folders, known));
        return presences;
      },
      [this, records = std::move(records)](const std::vector<Presence>& presences) {
        on_looked(records, presences);
      });
}

// Pool thread. What the database no longer has was withdrawn meanwhile.
Presence SourceWatch::look_at(const library::PeerFolders& folders, const state::KnownFiles& known) {
  if (known.identities.empty() || known.record.tree != (known.manifest != nullptr))
    return Presence::unknown;
  if (known.manifest) {
    const auto content =
        library::open_content(folders, known.record, known.identities, known.manifest);
    if (content) return Presence::same;
    return content.fault().is(ESTALE) ? Presence::changed : presence_of(content.fault());
  }
  const auto opened = folders.open(known.record.path);
  struct stat status;
  if (!opened) return presence_of(opened.fault());
  if (::fstat(opened->fd.get(), &status) != 0) return Presence::unknown;
  const disk::FileSystem system = disk::file_system_of(opened->fd.get());
  return disk::agree(known.identities.front(), disk::Identity(status), system) ? Presence::same
                                                                               : Presence::changed;
}

// Of a content with several paths, the library knows one.
Listing SourceWatch::listing(const state::LibraryRecord& record) {
  const library::Item* const item = deps_.library.find(record.content);
  if (item == nullptr) return deps_.restorer.idle() ? Listing::missing : Listing::busy;
  return item->fetching || item->path != record.path ? Listing::busy : Listing::offered;
}

void SourceWatch::on_looked(const std::vector<state::LibraryRecord>& records,
                            const std::vector<Presence>& presences) {
  std::vector<state::LibraryRecord> back;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Measure what = measure(presences[i], listing(records[i]));
    if (what == Measure::doubt) deps_.doubt(records[i].content);
    if (what == Measure::restore) back.push_back(records[i]);
  }
  if (!back.empty()) deps_.restorer.restore(std::move(back));
  timer_.once(
      std::max(look_pause, io::ceil_milliseconds((io::Clock::now() - began_) * share_of_core)));
}

} // namespace p2pd::publishing
