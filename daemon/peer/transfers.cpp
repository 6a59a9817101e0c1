#include "daemon/peer/transfers.hpp"

#include "proto/units.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace p2pd::peer {

namespace {

constexpr io::milliseconds report_period{100};
constexpr std::size_t most_ended = 1000;

} // namespace

Transfers::Transfers(TransferHouse house, std::string download_dir)
    : house_(std::move(house))
    , download_dir_(std::move(download_dir))
    , report_(house_.loop, io::bind<&Transfers::report>(this))
    , bury_(house_.loop, io::bind<&Transfers::bury>(this)) {}

Transfers::~Transfers() = default;

void Transfers::stop() {
  report_.stop();
  running_.clear();
  checks_.clear();
}

// Rows of the contents that are here: they count as much as those that trackers tell of.
std::vector<CatalogEntry> Transfers::local_rows(std::string_view word) const {
  std::vector<CatalogEntry> rows;
  for (const Item* const item : house_.library.find(word)) {
    CatalogEntry row;
    row.content = item->id;
    row.name.bytes = item->names.contains(word) ? std::string(word) : item->names.begin()->first;
    row.size = item->manifest->size;
    row.chunk_size = item->manifest->chunk_size;
    rows.push_back(std::move(row));
  }
  return rows;
}

Failure Transfers::nobody_to_ask() const {
  std::string causes;
  for (const auto& link : house_.trackers.links())
    causes += fmt::format("{}{} ({})", causes.empty() ? "" : ", ", base::to_text(link->address()),
                          link->cause());
  if (causes.empty())
    return {proto::ExitCode::failed, "this peer knows no tracker",
            "name one in [peer] trackers and restart p2pd"};
  return {proto::ExitCode::failed, "no tracker is connected: " + causes,
          "see that one of them runs and is reachable"};
}

void Transfers::fetch(const FetchOptions& options, Follower follower) {
  house_.trackers.resolve(options.word, [this, options, follower](std::vector<CatalogEntry> rows) {
    const auto split = split_name(options.word);
    if (!rows.empty() || !split) return choose(options, std::move(rows), follower);
    house_.trackers.resolve(
        split->name, [this, options, split, follower](std::vector<CatalogEntry> named) {
          choose(options, of_publisher(std::move(named), split->peer), follower);
        });
  });
}

void Transfers::choose(const FetchOptions& options, std::vector<CatalogEntry> rows,
                       const Follower& follower) {
  for (CatalogEntry& row : local_rows(options.word)) rows.push_back(std::move(row));
  if (rows.empty() && house_.trackers.connected() == 0) return follower.refused(nobody_to_ask());
  Failure failure;
  const auto entry = peer::choose(merge(std::move(rows)), options.word, failure);
  if (!entry) return follower.refused(failure);
  start(options, *entry, follower);
}

// What the library has may have been changed or deleted behind its back: then it is fetched anew.
void Transfers::start(const FetchOptions& options, const CatalogEntry& entry, Follower follower) {
  const Item* const item = house_.library.find(entry.content);
  if (item == nullptr || runs(entry.content)) return start_with(options, entry, follower);
  const auto check = checks_.emplace(checks_.end());
  *check = io::run(
      house_.loop, [store = item->store] { return store->unchanged(); },
      [this, check, options, entry, follower](const disk::Outcome& unchanged) {
        checks_.erase(check);
        if (!unchanged) house_.library.remove(entry.content);
        start_with(options, entry, follower);
      });
}

void Transfers::start_with(const FetchOptions& options, const CatalogEntry& entry,
                           const Follower& follower) {
  for (auto& [id, running] : running_) {
    if (running.transfer->row().request.content != entry.content) continue;
    running.followers.push_back(follower); // attach to it
    return report();
  }
  TransferRequest request{next_id_++, entry.content, entry.name.bytes,
                          options.output.empty() ? download_dir_ + '/' : options.output,
                          options.force};
  Running& running = running_[request.id];
  running.transfer = std::make_unique<Transfer>(house_, request, entry.size, *this);
  running.followers.push_back(follower);
  report_.every(report_period);
  if (const Item* const item = house_.library.find(entry.content))
    running.transfer->start_from(*item);
  else
    running.transfer->start();
  report();
}

void Transfers::report() {
  for (auto& [id, running] : running_)
    for (const Follower& follower : running.followers) follower.progress(running.transfer->row());
}

void Transfers::on_over(Transfer& transfer) {
  auto over = running_.extract(transfer.row().request.id);
  for (const Follower& follower : over.mapped().followers) follower.progress(transfer.row());
  ended_.emplace(over.key(), transfer.row());
  if (ended_.size() > most_ended) ended_.erase(ended_.begin());
  if (running_.empty()) report_.stop();
  buried_.push_back(std::move(over.mapped().transfer));
  bury_.schedule();
}

void Transfers::bury() {
  buried_.clear();
}

bool Transfers::runs(const ContentId& content) const {
  return std::ranges::any_of(running_, [&](const auto& entry) {
    return entry.second.transfer->row().request.content == content;
  });
}

void Transfers::on_link(Link& link) {
  for (auto& [id, running] : running_) running.transfer->on_link(link);
}

std::vector<TransferRow> Transfers::rows() const {
  std::map<std::uint64_t, TransferRow> rows = ended_;
  for (const auto& [id, running] : running_) rows.emplace(id, running.transfer->row());
  std::vector<TransferRow> list;
  for (auto& [id, row] : rows) list.push_back(std::move(row));
  return list;
}

} // namespace p2pd::peer
