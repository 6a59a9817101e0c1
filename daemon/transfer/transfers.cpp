#include "daemon/transfer/transfers.hpp"

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

void Transfers::restore(const state::State& state) {
  next_id_ = state.next_transfer;
  for (const state::TransferRecord& record : state.transfers) {
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
      [record = record_of(ended->second)](state::StateStore& store) { store.put_transfer(record); },
      std::move(kept));
}

// Of those that are done the database keeps as many by itself.
void Transfers::drop_oldest() {
  deps_.state.change(Durable::no, [id = ended_.begin()->first](state::StateStore& store) {
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
