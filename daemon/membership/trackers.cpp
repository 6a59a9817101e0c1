#include "daemon/membership/trackers.hpp"

#include "daemon/io/wait_group.hpp"

namespace p2pd::membership {

namespace {

constexpr io::milliseconds arrived_period{1000}; // at most one such message per second
constexpr std::size_t batch_chunks = 100'000;    // 5 bytes each: it fits into a frame
constexpr io::milliseconds patience{1000};
constexpr io::milliseconds connect_patience{5000};
constexpr std::size_t most_rows = 200'000; // merged, of several trackers: some 200 MB

bool share_an_address(const KnownTracker& one, const KnownTracker& other) {
  return std::ranges::any_of(one.addresses, [&](const base::HostPort& address) {
    return std::ranges::find(other.addresses, address) != other.addresses.end();
  });
}

// As far as is known: without ids, addresses are compared.
bool is_same(const TrackerLink& link, const KnownTracker& tracker) {
  const std::optional<PeerId> id = link.remote_id();
  return id && tracker.id ? *id == *tracker.id : share_an_address(link.tracker(), tracker);
}

} // namespace

Trackers::Trackers(const TrackerDeps& deps, io::Bound<void()> connected)
    : deps_(deps)
    , connected_(connected)
    , graveyard_(deps.loop)
    , send_arrived_(deps.loop, io::bind<&Trackers::send_arrived>(this)) {
  deps.library.listen(*this);
}

void Trackers::start() {
  if (std::exchange(started_, true)) return;
  for (const auto& link : links_) link->start();
}

void Trackers::stop() {
  started_ = false;
  send_arrived_.stop();
  for (const auto& link : links_) link->stop();
  merges_.clear();
}

TrackerLink* Trackers::find(const KnownTracker& tracker) const {
  const auto found =
      std::ranges::find_if(links_, [&](const auto& link) { return is_same(*link, tracker); });
  return found == links_.end() ? nullptr : found->get();
}

TrackerLink& Trackers::add(const KnownTracker& tracker) {
  if (TrackerLink* const link = find(tracker)) {
    link->learn(tracker);
    return *link;
  }
  std::vector<TrackerLink*> replaced;
  for (const auto& link : links_)
    if (!tracker.configured && !link->tracker().configured &&
        share_an_address(link->tracker(), tracker))
      replaced.push_back(link.get());
  for (TrackerLink* const link : replaced) remove(*link);
  TrackerLink& added = append(tracker);
  if (started_) added.start();
  return added;
}

void Trackers::add_found(const KnownTracker& tracker, net::Session& session) {
  append(tracker).adopt(session);
}

TrackerLink& Trackers::append(const KnownTracker& tracker) {
  links_.push_back(std::make_unique<TrackerLink>(deps_, tracker, connected_));
  deps_.sessions.set_trackers(links_.size());
  return *links_.back();
}

void Trackers::remove(TrackerLink& link) {
  link.leave();
  graveyard_.take(links_, link);
  deps_.sessions.set_trackers(links_.size());
}

void Trackers::retry() {
  for (const auto& link : links_) link->dial_now();
}

void Trackers::await(TrackerLink& link, std::function<void()> done) {
  const auto group = std::make_shared<io::WaitGroup>(deps_.loop, connect_patience, std::move(done));
  group->expect();
  link.when_settled([group] { group->answered(); });
}

std::size_t Trackers::connected() const {
  std::size_t count = 0;
  for (const auto& link : links_) count += link->state() == TrackerLink::State::connected ? 1 : 0;
  return count;
}

void Trackers::resolve(const std::string& word,
                       std::function<void(std::vector<CatalogEntry>)> done) {
  if (connected() == 0) return done({});
  const auto rows = std::make_shared<std::vector<CatalogEntry>>();
  const auto group =
      std::make_shared<io::WaitGroup>(deps_.loop, patience, [rows, done = std::move(done)] {
        done(lookup::merge(std::move(*rows)));
      });
  each_connected([&](TrackerLink& link) {
    group->expect();
    link.ask(proto::Resolve{.request = {}, .word = word},
             [group, rows](const proto::Message* answer) {
               if (const auto* found = answer ? std::get_if<proto::Resolved>(answer) : nullptr)
                 rows->insert(rows->end(), found->files.begin(), found->files.end());
               group->answered();
             });
  });
}

void Trackers::find(const std::string& word, std::function<void(std::vector<CatalogEntry>)> done) {
  resolve(word, [this, word, done = std::move(done)](std::vector<CatalogEntry> rows) {
    const auto split = lookup::split_name(word);
    if (!rows.empty() || !split) return done(std::move(rows));
    resolve(split->name, done);
  });
}

void Trackers::locate(const ContentId& content, std::function<void(std::vector<net::Told>)> done) {
  if (connected() == 0) return done({});
  const auto sources = std::make_shared<std::vector<net::Told>>();
  const auto group = std::make_shared<io::WaitGroup>(
      deps_.loop, patience, [sources, done = std::move(done)] { done(std::move(*sources)); });
  each_connected([&](TrackerLink& link) {
    group->expect();
    link.ask(proto::Locate{{}, content}, [group, sources, &link](const proto::Message* answer) {
      if (const auto* found = answer ? std::get_if<proto::Located>(answer) : nullptr)
        for (const proto::Source& source : found->sources)
          sources->emplace_back(source.peer, link.session()->remote());
      group->answered();
    });
  });
}

void Trackers::list(const std::string& pattern, const Listed& done, const Survey::Wanted& wanted) {
  const auto rows = std::make_shared<std::vector<CatalogEntry>>();
  ask_all<proto::Listing>(
      proto::ListFiles{{}, pattern, {}},
      [rows](const TrackerLink&, const proto::Listing& page) {
        rows->insert(rows->end(), page.files.begin(), page.files.end());
      },
      [this, rows, done](const Survey::Silent& silent) {
        const auto job = merges_.emplace(merges_.end());
        *job = io::run(
            deps_.loop, [rows] { return lookup::merge(std::move(*rows)); },
            [this, job, done, silent](std::vector<CatalogEntry> merged) {
              merges_.erase(job);
              done(std::move(merged), silent);
            });
      },
      [rows, wanted] { return rows->size() < most_rows && (wanted == nullptr || wanted()); });
}

void Trackers::list_page(const std::string& pattern, const std::string& cursor,
                         const Survey::Wanted& wanted, const ListedPage& done) {
  if (connected() != 1 && cursor.empty())
    return list(
        pattern,
        [done](std::vector<CatalogEntry> rows, const Survey::Silent& silent) {
          done(std::move(rows), "", silent);
        },
        wanted);
  const auto page = std::make_shared<proto::Listing>();
  ask_all<proto::Listing>(
      proto::ListFiles{{}, pattern, cursor},
      [page](const TrackerLink&, const proto::Listing& told) { *page = told; },
      [page, done](const Survey::Silent& silent) {
        const bool last = page->next.empty();
        done({page->files.begin(), page->files.end()}, page->next,
             last ? silent : Survey::Silent());
      },
      [] { return false; }); // the rest is requested once this was read
}

void Trackers::call_back(const PeerId& peer) {
  each_connected([&](TrackerLink& link) { link.tell(proto::Unreachable{peer}); });
}

void Trackers::follow() {
  each_connected([&](TrackerLink& link) { link.tell(proto::Follow{deps_.notices.wanted()}); });
}

void Trackers::announce(const library::Item& item, std::function<void(std::size_t)> done) {
  if (connected() == 0) return done(0);
  const auto acknowledged = std::make_shared<std::size_t>(0);
  const auto group = std::make_shared<io::WaitGroup>(
      deps_.loop, patience, [acknowledged, done = std::move(done)] { done(*acknowledged); });
  each_connected([&](TrackerLink& link) {
    for (proto::Publish& message : announcements(item)) {
      group->expect();
      link.publish(std::move(message), [group, acknowledged](const proto::Message* answer) {
        if (answer != nullptr && std::holds_alternative<proto::Done>(*answer)) ++*acknowledged;
        group->answered();
      });
    }
  });
}

void Trackers::on_gained(const library::Item& item, ChunkIndex chunk) {
  arrived_[item.id].push_back(chunk);
  if (item.have.full())
    send_arrived(); // others wait for complete sources
  else if (!send_arrived_.active())
    send_arrived_.once(arrived_period);
}

void Trackers::on_removed(const ContentId& content) {
  arrived_.erase(content);
  each_connected([&](TrackerLink& link) {
    link.forget_refusal(content);
    link.ask(proto::Unpublish{{}, content}, [](const proto::Message*) {});
  });
}

void Trackers::send_arrived() {
  send_arrived_.stop();
  proto::HaveBatch batch;
  std::size_t room = batch_chunks;
  const auto send = [&] {
    each_connected([&](TrackerLink& link) { link.tell(batch); });
    batch.arrived.clear();
    room = batch_chunks;
  };
  for (auto& [content, chunks] : std::exchange(arrived_, {})) {
    for (std::size_t at = 0; at < chunks.size();) {
      proto::Arrived& part = batch.arrived.emplace_back(proto::Arrived{content, {}});
      const std::size_t count = std::min({chunks.size() - at, part.chunks.max, room});
      const auto from = chunks.begin() + static_cast<std::ptrdiff_t>(at);
      part.chunks.assign(from, from + static_cast<std::ptrdiff_t>(count));
      at += count;
      room -= count;
      if (room == 0 || batch.arrived.size() == batch.arrived.max) send();
    }
  }
  if (!batch.arrived.empty()) send();
}

} // namespace p2pd::membership
