#include "daemon/transfer/transfers.hpp"

#include "proto/units.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace p2pd::transfer {

namespace {

constexpr io::milliseconds report_period{100};
constexpr std::size_t most_ended = 1000;

} // namespace

Transfers::Transfers(TransferDeps deps, library::Openings& openings, std::string download_dir)
    : deps_(std::move(deps))
    , openings_(openings)
    , download_dir_(std::move(download_dir))
    , report_(deps_.loop, io::bind<&Transfers::report>(this))
    , graveyard_(deps_.loop) {
  deps_.hooks.listen(*this);
  deps_.remover.set_watch([this](std::uint64_t id, const std::string& kept) {
    if (const auto ended = ended_.find(id); ended != ended_.end()) ended->second.kept = kept;
  });
}

Transfers::~Transfers() = default;

void Transfers::restore(const disk::State& state) {
  next_id_ = state.next_transfer;
  for (const disk::TransferRecord& record : state.transfers) {
    TransferRow row = row_of(record);
    if (row.over()) {
      if (row.hook == hook::running) row.hook = hook::interrupted;
      ended_.emplace(record.id, row);
      if (row.hook == hook::waiting) deps_.hooks.run(row);
      continue;
    }
    if (row.state == TransferState::queued) row.state = TransferState::running; // it is recorded
    add(std::move(row)).restore();
  }
}

void Transfers::stop(std::function<void()> done) {
  report_.stop();
  jobs_.clear();
  const auto flushing = std::make_shared<std::size_t>(running_.size());
  if (running_.empty()) return done();
  for (auto& [id, running] : running_)
    running.transfer->flush([flushing, done] {
      if (--*flushing == 0) done();
    });
}

Failure Transfers::nobody_to_ask() const {
  std::string causes;
  for (const auto& link : deps_.trackers.links())
    causes += fmt::format("{}{} ({})", causes.empty() ? "" : ", ", base::to_text(link->address()),
                          link->cause());
  if (causes.empty())
    return {proto::ExitCode::failed, "this peer knows no tracker",
            "p2pctl join TOKEN makes it one of a tracker's peers; p2pctl invite there prints the "
            "token"};
  return {proto::ExitCode::failed, "no tracker is connected: " + causes,
          "see that one of them runs and is reachable"};
}

void Transfers::fetch(const FetchOptions& options, Follower follower) {
  deps_.lookup.find(options.word,
                    {proto::ExitCode::not_found, "nobody offers " + lookup::quoted(options.word),
                     "p2pctl files lists what there is"},
                    [this, options, follower](const lookup::Meaning& meaning) {
                      if (meaning.entry) {
                        FetchOptions chosen = options;
                        chosen.warning = meaning.warning;
                        return start(chosen, *meaning.entry, follower);
                      }
                      const bool unknown = meaning.failure.code == proto::ExitCode::not_found;
                      const bool alone = deps_.trackers.connected() == 0;
                      follower.refused(unknown && alone ? nobody_to_ask() : meaning.failure);
                    });
}

// What comes there now has to be there, and known, before it makes way for the next.
void Transfers::fetch_published(const Claim& claim, const Follower& follower) {
  const std::string path = path_of(claim.entry.name.bytes);
  if (const Transfer* const other = writer_to(path);
      other != nullptr && other->row().request.content != claim.entry.content)
    return succeed(*find(other->row().request.id), claim, follower);
  struct There {
    std::optional<ContentId> wrote;
    std::optional<PeerId> origin;
  };
  deps_.state.ask(
      [path](disk::StateStore& store) {
        return There{store.wrote(path), store.origin(path)};
      },
      alive_.guard([claim, path, follower](Transfers& self, const disk::Result<There>& there) {
        if (!there) return follower.refused({proto::ExitCode::failed, there.fault().message, ""});
        self.take_published(claim, path, there->wrote, there->origin, follower);
      }));
}

void Transfers::succeed(Running& running, const Claim& claim, const Follower& follower) {
  const TransferRequest& request = running.transfer->row().request;
  const std::optional<PeerId> publisher = taker_of(claim, request.publisher);
  if (!publisher) return follower.foreign(*request.publisher);
  const bool of_others = claim.pinned && request.publisher != publisher && request.unattended;
  running.successor = {claim, follower};
  if (of_others) give_up(*running.transfer); // it is what the config does not name
}

void Transfers::take_published(const Claim& claim, const std::string& path,
                               const std::optional<ContentId>& wrote,
                               const std::optional<PeerId>& origin, const Follower& follower) {
  FetchOptions options;
  options.publisher = taker_of(claim, origin);
  if (!options.publisher) return follower.foreign(*origin);
  options.unattended = true;
  options.force = wrote.has_value();
  // Whoever has deleted or changed it since does not want it again.
  if (wrote != claim.entry.content) return start(options, claim.entry, follower);
  if (origin != options.publisher)
    deps_.state.change(Durable::no, [path, publisher = options.publisher](disk::StateStore& store) {
      store.set_origin(path, publisher);
    });
}

// What the library has may have been changed or deleted behind its back: then it is fetched anew.
void Transfers::start(const FetchOptions& options, const CatalogEntry& entry, Follower follower) {
  if (attach(entry.content, follower)) return;
  library::Item* const item = deps_.library.find(entry.content);
  if (item == nullptr || !item->have.full()) return start_with(options, entry, nullptr, follower);
  openings_.open(*item, [this, options, entry, follower](const library::Openings::Opened& opened) {
    if (!opened) return start_anew(options, entry, follower);
    const auto check = jobs_.emplace(jobs_.end());
    *check = io::run(
        deps_.loop, [store = (*opened)->store] { return store->unchanged(); },
        [this, check, content = *opened, options, entry, follower](const disk::Outcome& unchanged) {
          jobs_.erase(check);
          if (!unchanged) return start_anew(options, entry, follower);
          start_with(options, entry, content, follower);
        });
  });
}

void Transfers::start_anew(const FetchOptions& options, const CatalogEntry& entry,
                           const Follower& follower) {
  deps_.library.remove(entry.content);
  deps_.state.change(
      Durable::no, [content = entry.content](disk::StateStore& store) { store.withhold(content); });
  start_with(options, entry, nullptr, follower);
}

void Transfers::start_with(const FetchOptions& options, const CatalogEntry& entry,
                           std::shared_ptr<const library::Content> local,
                           const Follower& follower) {
  if (attach(entry.content, follower)) return; // another one was faster
  TransferRow row;
  row.request = {.id = next_id_++,
                 .content = entry.content,
                 .name = entry.name.bytes,
                 .destination = options.output.empty() ? download_dir_ + '/' : options.output,
                 .force = options.force,
                 .in_order = options.in_order,
                 .no_wait = options.no_wait,
                 .unattended = options.unattended,
                 .publisher = options.publisher,
                 .from = options.from,
                 .only = options.only};
  if (!row.request.publisher && !entry.publishers.empty())
    row.request.publisher = entry.publishers.front().id;
  row.warning = options.warning;
  row.size = entry.size;
  row.told_size = options.word == to_text(entry.content) ? 0 : entry.size;
  const std::string path = final_path(row.request.destination, row.request.name);
  row.again = std::ranges::any_of(ended_, [&](const auto& ended) { // it may have left a part
    return ended.second.state == TransferState::failed && ended.second.path == path;
  });
  if (const Transfer* const other = writer_to(path))
    return follower.refused(
        {proto::ExitCode::failed,
         fmt::format("transfer {} writes to \"{}\" already", other->row().request.id,
                     proto::printable(other->row().path)),
         "choose another place with -o, or p2pctl cancel that one"});
  Transfer& transfer = add(std::move(row));
  Follower& first = find(transfer.row().request.id)->followers.emplace_back(follower);
  first.no_wait = false; // the transfer itself ends then
  if (local != nullptr)
    transfer.start_from(std::move(local));
  else
    transfer.start();
}

// By the path alone: where another path leads to the same place, the lock on the file tells.
const Transfer* Transfers::writer_to(const std::string& path) const {
  const auto found = std::ranges::find_if(
      running_, [&](const auto& entry) { return entry.second.transfer->row().path == path; });
  return found == running_.end() ? nullptr : found->second.transfer.get();
}

Transfer& Transfers::add(TransferRow row) {
  const std::uint64_t id = row.request.id;
  Running& running = running_[id];
  running.transfer = std::make_unique<Transfer>(deps_, std::move(row), *this);
  if (!report_.active()) report_.every(report_period);
  return *running.transfer;
}

Transfers::Running* Transfers::find(std::uint64_t id) {
  const auto found = running_.find(id);
  return found == running_.end() ? nullptr : &found->second;
}

// A fetch of what is being fetched follows that, and gets it going where it was paused.
bool Transfers::attach(const ContentId& content, const Follower& follower) {
  for (auto& [id, running] : running_) {
    Transfer& transfer = *running.transfer;
    if (transfer.row().request.content != content || transfer.cancelled()) continue;
    running.followers.push_back(follower);
    const bool refuses = follower.no_wait && transfer.stuck();
    if (transfer.row().state == TransferState::paused && !refuses) transfer.resume({});
    report();
    return true;
  }
  return false;
}

void Transfers::refuse_those_in_a_hurry(Running& running) {
  std::vector<Follower> refused;
  std::erase_if(running.followers, [&](const Follower& follower) {
    if (follower.no_wait) refused.push_back(follower);
    return follower.no_wait;
  });
  if (refused.empty()) return;
  const Transfer& transfer = *running.transfer;
  const std::uint64_t id = transfer.row().request.id;
  const Failure failure{
      proto::ExitCode::failed,
      fmt::format("transfer {} waits: {}", id,
                  transfer::explain(transfer.situation()).front().cause),
      fmt::format("fetch it without --no-wait to wait as well; p2pctl why {} tells "
                  "more",
                  id)};
  for (const Follower& follower : refused) follower.refused(failure);
}

void Transfers::report() {
  for (auto& [id, running] : running_) {
    const TransferRow& row = running.transfer->row();
    if (row.state == TransferState::queued || row.over()) continue; // not recorded yet
    if (running.transfer->stuck()) refuse_those_in_a_hurry(running);
    if (running.transfer->stuck() && running.successor) give_up(*running.transfer);
    for (const Follower& follower : running.followers) follower.progress(row);
  }
}

// Nobody publishes it any more, or there is no space for it: the next version takes its place.
void Transfers::give_up(Transfer& transfer) {
  if (transfer.cancelled()) return;
  base::log::info("transfers", {{"transfer", std::to_string(transfer.row().request.id)}},
                  "{} is given up for a newer version", transfer.row().request.name);
  transfer.cancel();
}

void Transfers::on_recorded(Transfer&) {
  report();
}

void Transfers::on_over(Transfer& transfer) {
  auto over = running_.extract(transfer.row().request.id);
  if (const library::Item* const item = deps_.library.find(transfer.row().request.content);
      item != nullptr && item->content != nullptr && !item->fetching)
    openings_.used(*item);
  if (!transfer.cancelled()) {
    const bool done = transfer.row().state == TransferState::done;
    ++(done ? deps_.tally.transfers_done : deps_.tally.transfers_failed);
    ended_.insert_or_assign(over.key(), transfer.row());
    if (watch_) watch_(transfer.row());
    if (transfer.row().hook == hook::waiting) deps_.hooks.run(transfer.row());
  }
  if (ended_.size() > most_ended) drop_oldest();
  if (running_.empty()) report_.stop();
  for (const Follower& follower : over.mapped().followers) follower.progress(transfer.row());
  if (const auto& next = over.mapped().successor) fetch_published(next->claim, next->follower);
  graveyard_.add(std::move(over.mapped().transfer));
}

// One that was forgotten, or is tried again, is not brought back by its hook.
void Transfers::on_hook(std::uint64_t id, std::string_view status, Kept kept) {
  const auto ended = ended_.find(id);
  if (ended == ended_.end()) return kept({});
  ended->second.hook = status;
  deps_.state.change(
      Durable::yes,
      [record = record_of(ended->second)](disk::StateStore& store) { store.put_transfer(record); },
      std::move(kept));
}

// Of those that are done the database keeps as many by itself.
void Transfers::drop_oldest() {
  deps_.state.change(Durable::no, [id = ended_.begin()->first](disk::StateStore& store) {
    store.remove_transfer(id);
  });
  ended_.erase(ended_.begin());
}

std::string Transfers::path_of(const std::string& name) const {
  return final_path(download_dir_ + '/', name);
}

void Transfers::warn(const std::string& path, const std::string& warning) {
  for (auto& [id, running] : running_)
    if (running.transfer->row().path == path) running.transfer->warn(warning);
  for (auto& [id, row] : ended_)
    if (row.path == path) row.warning = warning;
}

bool Transfers::runs(const ContentId& content) const {
  return std::ranges::any_of(running_, [&](const auto& entry) {
    return entry.second.transfer->row().request.content == content;
  });
}

bool Transfers::done(const ContentId& content) const {
  return std::ranges::any_of(ended_, [&](const auto& entry) {
    const TransferRow& row = entry.second;
    return row.request.content == content && row.state == TransferState::done;
  });
}

void Transfers::on_tracker() {
  for (auto& [id, running] : running_) running.transfer->on_tracker();
}

void Transfers::on_link(links::Link& link) {
  for (auto& [id, running] : running_) running.transfer->on_link(link);
}

void Transfers::on_leecher(links::Link& link, const ContentId& content) {
  for (auto& [id, running] : running_)
    if (running.transfer->row().request.content == content) running.transfer->on_leecher(link);
}

std::vector<TransferRow> Transfers::rows() const {
  std::map<std::uint64_t, TransferRow> rows = ended_;
  for (const auto& [id, running] : running_) rows.emplace(id, running.transfer->row());
  std::vector<TransferRow> list;
  for (auto& [id, row] : rows) list.push_back(std::move(row));
  return list;
}

} // namespace p2pd::transfer
