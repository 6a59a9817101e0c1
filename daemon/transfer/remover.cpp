#include "daemon/transfer/remover.hpp"

#include "daemon/base/log.hpp"
#include "daemon/library/checked_manifest.hpp"
#include "daemon/library/selection.hpp"
#include "daemon/store/aside.hpp"
#include "daemon/store/part_name.hpp"

#include <algorithm>
#include <cerrno>

namespace p2pd::transfer {

namespace {

constexpr io::milliseconds retry_database{30'000};

// What p2pd wrote of it; nothing where that is not known.
std::optional<store::Layout> layout_of(const state::RemovalRecord& record,
                                       const std::shared_ptr<const proto::Bytes>& manifest) {
  if (!manifest) return std::nullopt;
  const library::OpenContent content = library::checked_manifest(record.content, manifest);
  if (content.manifest == nullptr) return std::nullopt;
  auto layout = library::choose_files(content.manifest, record.only);
  return layout ? std::optional(std::move(*layout)) : std::nullopt;
}

} // namespace

Remover::Remover(io::Loop& loop, state::StateDb& state,
                 std::shared_ptr<const disk::Folders> destinations)
    : loop_(loop)
    , state_(state)
    , destinations_(std::move(destinations))
    , retry_(loop, io::bind<&Remover::try_again>(this)) {}

void Remover::stop() {
  stop_.request_stop();
  renames_.clear();
  job_.drop();
  retry_.stop();
  alive_.end();
}

void Remover::restore(const std::vector<state::RemovalRecord>& records) {
  for (const state::RemovalRecord& record : records) {
    if (record.aside)
      waiting_.push_back(record);
    else
      rename(record, [] {});
  }
  next();
}

void Remover::set_aside(std::uint64_t transfer, std::function<void()> done) {
  state_.ask(
      [](state::StateStore& store) { return store.removals(); },
      alive_.guard([transfer, done = std::move(done)](
                       Remover& self, const disk::Result<std::vector<state::RemovalRecord>>& due) {
        if (due)
          for (const state::RemovalRecord& record : *due)
            if (record.transfer == transfer && !record.aside) return self.rename(record, done);
        if (!due) self.unasked_.push_back(transfer);
        if (!due) self.arm();
        done();
      }));
}

bool Remover::is_occupied(const std::string& place) const {
  return std::ranges::any_of(places_, [&](const auto& entry) { return entry.second == place; });
}

std::vector<library::Trouble> Remover::troubles() const {
  std::vector<library::Trouble> troubles;
  for (const auto& [tag, later] : later_) troubles.push_back({later.record.place, later.cause});
  return troubles;
}

std::string Remover::cause(std::uint64_t transfer) const {
  for (const auto& [tag, later] : later_)
    if (later.record.transfer == transfer) return later.cause;
  return "";
}

// Its place may be taken by another fetch from here on, whose row is only committed after this one.
void Remover::rename(const state::RemovalRecord& record, std::function<void()> done) {
  places_[record.tag] = record.place;
  const auto job = renames_.emplace(renames_.end());
  *job = io::run(
      loop_,
      [folders = destinations_, record] {
        const auto parent = folders->open_parent(record.place, disk::Folders::Missing::refuse);
        if (!parent) return disk::Outcome(parent.fault());
        const auto lost = record.part ? store::Lost::part : store::Lost::replaced;
        return store::set_aside(*parent, lost, record.tag);
      },
      [this, job, record, done = std::move(done)](const disk::Outcome& renamed) {
        renames_.erase(job);
        on_renamed(record, renamed);
        done();
      });
}

void Remover::on_renamed(state::RemovalRecord record, const disk::Outcome& renamed) {
  if (!renamed) return later(record, renamed.fault().message);
  state_.change(state::StateDb::Durable::no,
                [tag = record.tag](state::StateStore& store) { store.set_aside(tag); });
  places_.erase(record.tag);
  later_.erase(record.tag);
  record.aside = true;
  waiting_.push_back(std::move(record));
  next();
}

void Remover::next() {
  if (busy_ || waiting_.empty()) return;
  busy_ = true;
  begin(std::move(waiting_.front()));
  waiting_.pop_front();
}

void Remover::begin(state::RemovalRecord record) {
  state_.ask(
      [record](state::StateStore& store) {
        return Details{store.removal_identities(record.tag), store.manifest(record.content)};
      },
      alive_.guard([record](Remover& remover, disk::Result<Details> details) {
        if (!details) return remover.on_removed(record, {.fault = details.fault()});
        remover.job_ = io::run(
            remover.loop_,
            [folders = remover.destinations_, record, details = std::move(*details),
             stop = remover.stop_.get_token()] { return remove(*folders, record, details, stop); },
            [&remover, record](const Removed& removed) { remover.on_removed(record, removed); });
      }));
}

// Pool thread.
Remover::Removed Remover::remove(const disk::Folders& folders, const state::RemovalRecord& record,
                                 const Details& details, const std::stop_token& stop) {
  Removed removed;
  const auto parent = folders.open_parent(record.place, disk::Folders::Missing::refuse);
  if (!parent) return {.fault = parent.fault()};
  const std::string name = store::aside_name(record.tag);
  const std::string path = store::folder_of(parent->path) + name;
  const auto layout = layout_of(record, details.manifest);
  removed.rest = layout ? store::remove_written(parent->folder.get(), name, path, *layout,
                                                details.identities, stop)
                        : store::rest_of(parent->folder.get(), name);
  if (removed.rest == store::Rest::later)
    removed.fault = disk::fault(EAGAIN, disk::in_quotes(path) + " cannot be looked at for now");
  if (removed.rest != store::Rest::strange) return removed;
  const auto kept = store::keep_aside(*parent, record.tag);
  if (!kept) return {.fault = kept.fault()};
  removed.kept = *kept;
  return removed;
}

void Remover::on_removed(const state::RemovalRecord& record, const Removed& removed) {
  busy_ = false;
  if (removed.fault) {
    later(record, removed.fault->message);
    return next();
  }
  if (removed.rest == store::Rest::unknown) return;
  later_.erase(record.tag);
  if (!removed.kept.empty()) {
    // No warning: of those only one a minute has its line, and each of these names another path.
    base::log::info("removal", {{"transfer", std::to_string(record.transfer)}},
                    "{} was {}; what p2pd did not write there is kept at {}",
                    disk::in_quotes(record.place), record.part ? "cancelled" : "replaced",
                    disk::in_quotes(removed.kept));
    if (watch_) watch_(record.transfer, removed.kept);
  }
  state_.change(state::StateDb::Durable::no, [tag = record.tag, transfer = record.transfer,
                                              kept = removed.kept](state::StateStore& store) {
    store.remove_removal(tag);
    if (!kept.empty()) store.set_kept(transfer, kept);
  });
  next();
}

void Remover::later(const state::RemovalRecord& record, const std::string& cause) {
  Later& later = later_[record.tag];
  if (std::exchange(later.cause, cause) != cause)
    base::log::warn("removal", "{}; it is tried again by itself", cause);
  later.record = record;
  later.due = io::Clock::now() + later.backoff.next();
  arm();
}

void Remover::arm() {
  const io::Time now = io::Clock::now();
  io::Time first = unasked_.empty() ? io::Time::max() : now + retry_database;
  for (const auto& [tag, later] : later_)
    if (later.due != io::Time{}) first = std::min(first, later.due);
  retry_.stop();
  if (first != io::Time::max())
    retry_.once(io::ceil_milliseconds(std::max(first - now, io::Clock::duration(0))));
}

void Remover::try_again() {
  const io::Time now = io::Clock::now();
  for (const std::uint64_t transfer : std::exchange(unasked_, {})) set_aside(transfer, [] {});
  for (auto& [tag, later] : later_) {
    if (later.due == io::Time{} || later.due > now) continue;
    later.due = {};
    if (later.record.aside)
      waiting_.push_back(later.record);
    else
      rename(later.record, [] {});
  }
  arm();
  next();
}

} // namespace p2pd::transfer
