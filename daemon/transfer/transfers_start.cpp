// From the question for a content, or the notice of one, to a transfer that fetches it.
#include "daemon/transfer/transfers.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace p2pd::transfer {

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
      [path](state::StateStore& store) {
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
    deps_.state.change(Durable::no,
                       [path, publisher = options.publisher](state::StateStore& store) {
                         store.set_origin(path, publisher);
                       });
}

Failure Transfers::in_the_way(const std::string& path) {
  return {
      proto::ExitCode::failed,
      fmt::format("what was at \"{}\" before is not out of the way yet", proto::printable(path)),
      "p2pctl doctor tells why; try again later, or choose another place with -o"};
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
  deps_.state.change(Durable::no, [content = entry.content](state::StateStore& store) {
    store.withhold(content);
  });
  start_with(options, entry, nullptr, follower);
}

void Transfers::start_with(const FetchOptions& options, const CatalogEntry& entry,
                           std::shared_ptr<const library::OpenContent> local,
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
  if (deps_.remover.is_occupied(path)) return follower.refused(in_the_way(path));
  Transfer& transfer = add(std::move(row));
  Follower& first = find(transfer.row().request.id)->followers.emplace_back(follower);
  first.no_wait = false; // the transfer itself ends then
  if (local != nullptr)
    transfer.start_from(std::move(local));
  else
    transfer.start();
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

} // namespace p2pd::transfer
