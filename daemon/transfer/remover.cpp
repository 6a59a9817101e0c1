#include "daemon/transfer/remover.hpp"

#include "daemon/base/log.hpp"
#include "daemon/library/checked_manifest.hpp"
#include "daemon/library/selection.hpp"
#include "daemon/store/aside.hpp"
#include "daemon/store/part_name.hpp"

#include <cerrno>

namespace p2pd::transfer {

namespace {

constexpr io::milliseconds retry_removal{60'000};

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
        done();
      }));
}

// Its place may be taken by another fetch from here on, whose row is only committed after this one.
void Remover::rename(const state::RemovalRecord& record, std::function<void()> done) {
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
        if (renamed) {
          state_.change(state::StateDb::Durable::no,
                        [tag = record.tag](state::StateStore& store) { store.set_aside(tag); });
          waiting_.push_back(record);
          next();
        } else {
          base::log::warn("removal", "{}; it is tried again at the next start",
                          renamed.fault().message);
        }
        done();
      });
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
    base::log::warn("removal", "{}; it is tried again", removed.fault->message);
    postponed_.push_back(record);
    if (!retry_.active()) retry_.once(retry_removal);
    return next();
  }
  if (removed.rest == store::Rest::unknown) return;
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

void Remover::try_again() {
  for (state::RemovalRecord& record : std::exchange(postponed_, {}))
    waiting_.push_back(std::move(record));
  next();
}

} // namespace p2pd::transfer
