// What people ask of transfers that are there.
#include "daemon/transfer/transfers.hpp"

namespace p2pd::transfer {

namespace {

Failure over_already(std::uint64_t id) {
  return {proto::ExitCode::failed, "transfer " + std::to_string(id) + " has ended",
          "p2pctl forget takes it off the list"};
}

} // namespace

Failure Transfers::unknown(std::uint64_t id) {
  return {proto::ExitCode::not_found, "there is no transfer " + std::to_string(id),
          "p2pctl transfers lists them"};
}

void Transfers::follow(std::uint64_t id, const Follower& follower) {
  if (const auto ended = ended_.find(id); ended != ended_.end())
    return follower.progress(ended->second);
  Running* const running = find(id);
  if (running == nullptr) return follower.refused(unknown(id));
  running->followers.push_back(follower);
}

void Transfers::pause(std::uint64_t id, Follower answer) {
  Running* const running = find(id);
  if (running == nullptr)
    return answer.refused(ended_.contains(id) ? over_already(id) : unknown(id));
  running->transfer->pause(answer_when_durable(id, std::move(answer)));
}

void Transfers::resume(std::uint64_t id, Follower answer) {
  auto ended = ended_.find(id);
  if (ended != ended_.end() && ended->second.state == TransferState::failed) {
    if (runs(ended->second.request.content))
      return answer.refused({proto::ExitCode::failed,
                             "another transfer fetches " + ended->second.request.name + " already",
                             "p2pctl transfers shows it"});
    if (deps_.remover.is_occupied(ended->second.path))
      return answer.refused(in_the_way(ended->second.path));
    TransferRow row = ended->second;
    ended_.erase(ended);
    row.ended = {};
    row.hook.clear();
    row.stage = Stage::locate;
    row.done_bytes = 0;
    add(std::move(row)).restore();
  }
  Running* const running = find(id);
  if (running == nullptr)
    return answer.refused(ended_.contains(id) ? over_already(id) : unknown(id));
  running->transfer->resume(answer_when_durable(id, std::move(answer)));
}

void Transfers::cancel(std::uint64_t id, Follower answer) {
  Running* const running = find(id);
  if (running == nullptr)
    return answer.refused(ended_.contains(id) ? over_already(id) : unknown(id));
  running->followers.push_back({[answer](const TransferRow& row) {
                                  if (row.over()) answer.progress(row);
                                },
                                answer.refused});
  running->transfer->cancel();
}

// What a failed one left of its own on the disk goes with it; a finished file stays.
void Transfers::forget(std::uint64_t id, Follower answer) {
  const auto ended = ended_.find(id);
  if (ended == ended_.end())
    return answer.refused(find(id) == nullptr
                              ? unknown(id)
                              : Failure{proto::ExitCode::failed,
                                        "transfer " + std::to_string(id) + " has not ended",
                                        "p2pctl cancel stops it and removes what has come"});
  TransferRow row = std::move(ended->second);
  ended_.erase(ended);
  if (row.state == TransferState::failed) {
    row.state = TransferState::paused; // over again when what it left is gone
    add(std::move(row)).restore();
    return cancel(id, std::move(answer));
  }
  deps_.state.change(
      Durable::yes, [id](state::StateStore& store) { store.remove_transfer(id); },
      [answer = std::move(answer), row = std::move(row)](const disk::Outcome& outcome) {
        if (!outcome) return answer.refused({proto::ExitCode::failed, outcome.fault().message, ""});
        answer.progress(row);
      });
}

Transfer::Done Transfers::answer_when_durable(std::uint64_t id, Follower answer) {
  return [this, id, answer = std::move(answer)](const disk::Outcome& outcome) {
    if (!outcome) return answer.refused({proto::ExitCode::failed, outcome.fault().message, ""});
    if (const Running* const running = find(id))
      answer.progress(running->transfer->row());
    else if (const auto ended = ended_.find(id); ended != ended_.end())
      answer.progress(ended->second);
  };
}

void Transfers::repair(library::Item& item, proto::ChunkSet right, Follower follower) {
  TransferRow row;
  row.request = {.id = next_id_++,
                 .content = item.id,
                 .name = item.names.begin()->first,
                 .destination = item.path.string(),
                 .repair = true,
                 .unattended = true,
                 .from = {},
                 .only = item.only};
  row.size = item.size;
  Transfer& transfer = add(std::move(row));
  find(transfer.row().request.id)->followers.push_back(std::move(follower));
  item.fetching = true;
  const std::shared_ptr<const library::OpenContent> content = item.content;
  deps_.library.lost(item, right);
  transfer.repair(content, std::move(right));
}

} // namespace p2pd::transfer
