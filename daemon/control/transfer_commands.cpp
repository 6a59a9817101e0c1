#include "daemon/control/transfer_commands.hpp"

#include "proto/control/commands.hpp"

#include <charconv>

namespace p2pd::control {

namespace {

void report(const CallPtr& call, const transfer::TransferRow& row) {
  Value body = transfer_value(row);
  if (row.state == transfer::TransferState::failed) return call->error(row.failure);
  if (!row.over()) {
    call->event(std::move(body));
    return;
  }
  body.set("already", row.already);
  body.set("elapsed_s", std::chrono::duration<double>(row.ended - row.started).count());
  call->ok(std::move(body));
}

// To the end.
transfer::Follower follower_of(const CallPtr& call) {
  return {.progress = [call](const transfer::TransferRow& row) { report(call, row); },
          .refused = [call](const library::Failure& failure) { call->error(failure); }};
}

// Until the transfer is known to survive a restart.
transfer::Follower follower_of_start(const CallPtr& call) {
  const auto answered = std::make_shared<bool>();
  return {.progress =
              [call, answered](const transfer::TransferRow& row) {
                if (std::exchange(*answered, true)) return;
                if (row.over()) return report(call, row);
                call->ok(transfer_value(row));
              },
          .refused =
              [call, answered](const library::Failure& failure) {
                if (!std::exchange(*answered, true)) call->error(failure);
              }};
}

std::vector<std::string> texts_of(const Value& list) {
  std::vector<std::string> texts;
  if (!list.is_null())
    for (const Value& each : list.array()) texts.push_back(each.text());
  return texts;
}

void fetch(const CallPtr& call, transfer::Transfers& transfers) {
  const transfer::FetchOptions options{.word = call->text("content"),
                                       .output = call->text("output"),
                                       .force = call->flag("force"),
                                       .in_order = call->flag("in-order"),
                                       .no_wait = call->flag("no-wait"),
                                       .from = texts_of(call->params()["from"]),
                                       .only = texts_of(call->params()["only"])};
  if (options.word.empty())
    return call->error(
        {ExitCode::usage, "the content's name is empty", "p2pctl files lists what there is"});
  transfer::Follower follower = call->flag("detach") ? follower_of_start(call) : follower_of(call);
  follower.no_wait = options.no_wait;
  transfers.fetch(options, std::move(follower));
}

// The id as people type it; 0, which no transfer has, for what is none.
std::uint64_t transfer_of(const CallPtr& call) {
  const std::string text = call->text("transfer");
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error == std::errc() && end == text.data() + text.size() && id != 0) return id;
  call->error({ExitCode::not_found, "there is no transfer \"" + proto::printable(text) + '"',
               "p2pctl transfers lists them by their numbers"});
  return 0;
}

void why(const CallPtr& call, const transfer::Transfers& transfers) {
  const std::uint64_t id = transfer_of(call);
  if (id == 0) return;
  transfers.explain(
      id,
      [call](const transfer::TransferRow& row, const transfer::Reasons& reasons) {
        Value::Array list;
        for (const transfer::Reason& reason : reasons)
          list.push_back({{"kind", reason.kind},
                          {"cause", Value::name(reason.cause)},
                          {"remedy", Value::name(reason.remedy)}});
        call->ok({{"id", row.request.id},
                  {"name", Value::name(row.request.name)},
                  {"state", to_text(row.state)},
                  {"reasons", std::move(list)}});
      },
      follower_of(call));
}

using Action = void (transfer::Transfers::*)(std::uint64_t id, transfer::Follower answer);

// One that is answered with what the transfer is then; `word`, where that is not its state.
Handler handler_of(transfer::Transfers& transfers, Action action, std::string_view word = {}) {
  return [&transfers, action, word](const CallPtr& call) {
    const std::uint64_t id = transfer_of(call);
    if (id == 0) return;
    (transfers.*
     action)(id, {.progress =
                      [call, word](const transfer::TransferRow& row) {
                        const bool done =
                            row.state == transfer::TransferState::done && word != "forgotten";
                        call->ok({{"id", row.request.id},
                                  {"name", Value::name(row.request.name)},
                                  {"state", word.empty() || done ? to_text(row.state) : word}});
                      },
                  .refused = [call](const library::Failure& failure) { call->error(failure); }});
  };
}

} // namespace

Value transfer_value(const transfer::TransferRow& row) {
  Value::Array shares;
  for (const transfer::SourceShare& share : row.shares)
    shares.push_back({{"name", Value::name(share.name)},
                      {"id", proto::to_text(share.id)},
                      {"bytes", share.bytes}});
  const bool moving = !row.over() && row.rate > 0;
  return {{"id", row.request.id},
          {"content", proto::to_text(row.request.content)},
          {"name", Value::name(row.request.name)},
          {"state", to_text(row.state)},
          {"stage", to_text(row.stage)},
          {"done_bytes", row.done_bytes},
          {"size", row.size},
          {"rate", row.rate},
          {"eta_s",
           moving ? Value(static_cast<double>(row.size - row.done_bytes) / row.rate) : Value()},
          {"sources", row.sources},
          {"path", Value::name(row.path)},
          {"error", row.failure.message.empty() ? Value() : Value(row.failure.message)},
          {"kept", row.kept.empty() ? Value() : Value::name(row.kept)},
          {"warning", row.warning.empty() ? Value() : Value(row.warning)},
          {"hook", row.hook.empty() ? Value() : Value(row.hook)},
          {"sources_detail", std::move(shares)}};
}

void bind_transfers(Dispatcher& dispatcher, transfer::Transfers& transfers) {
  using transfer::Transfers;
  dispatcher.bind("fetch", [&](const CallPtr& call) { fetch(call, transfers); });
  dispatcher.bind("wait", [&](const CallPtr& call) {
    if (const std::uint64_t id = transfer_of(call)) transfers.follow(id, follower_of(call));
  });
  dispatcher.bind("why", [&](const CallPtr& call) { why(call, transfers); });
  dispatcher.bind("pause", handler_of(transfers, &Transfers::pause));
  dispatcher.bind("resume", handler_of(transfers, &Transfers::resume));
  dispatcher.bind("cancel", handler_of(transfers, &Transfers::cancel, "cancelled"));
  dispatcher.bind("forget", handler_of(transfers, &Transfers::forget, "forgotten"));
  dispatcher.bind("transfers", [&](const CallPtr& call) {
    Value::Array rows;
    for (const transfer::TransferRow& row : transfers.rows()) rows.push_back(transfer_value(row));
    call->ok({{"transfers", std::move(rows)}});
  });
}

} // namespace p2pd::control
