#include "daemon/control/peer_commands.hpp"

#include "proto/commands.hpp"
#include "proto/manifest.hpp"

namespace p2pd::control {

namespace {

std::string_view to_text(peer::TrackerLink::State state) {
  switch (state) {
  case peer::TrackerLink::State::connecting:
    return "connecting";
  case peer::TrackerLink::State::connected:
    return "connected";
  case peer::TrackerLink::State::refused:
    return "refused";
  }
  return "connecting";
}

Value trackers_value(const peer::Trackers& trackers) {
  Value::Array rows;
  for (const auto& link : trackers.links()) {
    const net::Session* const session = link->session();
    rows.push_back({{"address", to_text(link->address().at)},
                    {"id", session == nullptr ? Value() : Value(to_text(session->id()))},
                    {"state", to_text(link->state())},
                    {"error", link->cause().empty() ? Value() : Value(link->cause())}});
  }
  return rows;
}

ControlError usage(std::string_view command, const std::string& message,
                   const std::string& remedy) {
  return {ExitCode::usage, message,
          remedy.empty() ? "see p2pctl help " + std::string(command) : remedy};
}

// Reads publish's params; where they are wrong, answers and returns nothing.
std::optional<peer::PublishOptions> publish_options(const CallPtr& call) {
  peer::PublishOptions options{call->text("path"), call->text("name"), 0};
  const Value& name = call->params()["name"];
  if (options.path.empty()) {
    call->error(usage("publish", "the path is empty", "name a file"));
    return std::nullopt;
  }
  if (!name.is_null() && !proto::valid_name(options.name)) {
    call->error(usage("publish",
                      "\"" + proto::printable(options.name) + "\" is no name for a content",
                      "a name is 1 to 255 bytes without '/'"));
    return std::nullopt;
  }
  if (const Value& size = call->params()["chunk-size"]; !size.is_null()) {
    if (!proto::valid_chunk_size(size.natural())) {
      call->error(usage(
          "publish", "a chunk size of " + std::to_string(size.natural()) + " bytes is not possible",
          "give a power of two from 16 KiB to 4 MiB"));
      return std::nullopt;
    }
    options.chunk_size = static_cast<std::uint32_t>(size.natural());
  }
  return options;
}

Value published_value(const peer::Published& published) {
  const proto::Manifest& manifest = *published.item.manifest;
  return {{"name", Value::name(published.name)},
          {"id", proto::to_text(published.item.id)},
          {"size", manifest.size},
          {"chunks", manifest.chunks()},
          {"chunk_size", manifest.chunk_size},
          {"path", Value::name(published.item.path.string())},
          {"trackers", published.trackers},
          {"warning",
           published.trackers > 0
               ? ""
               : "no tracker has acknowledged it; it will be announced when one is connected"}};
}

void publish(const CallPtr& call, peer::Publisher& publisher) {
  const auto options = publish_options(call);
  if (!options) return;
  const std::string name = options->name.empty()
                               ? std::filesystem::path(options->path).filename().string()
                               : options->name;
  publisher.publish(
      *options,
      {.progress =
           [call, name](std::uint64_t done, std::uint64_t size) {
             call->event({{"stage", "hash"},
                          {"name", Value::name(name)},
                          {"done_bytes", done},
                          {"size", size}});
           },
       .done = [call](const peer::Published& published) { call->ok(published_value(published)); },
       .refused = [call](const peer::Failure& failure) { call->error(failure); }});
}

void report(const CallPtr& call, const peer::TransferRow& row) {
  Value body = transfer_value(row);
  if (row.state == peer::TransferState::failed) return call->error(row.failure);
  if (!row.over()) return call->event(std::move(body));
  body.set("already", row.already);
  body.set("elapsed_s", std::chrono::duration<double>(row.ended - row.started).count());
  call->ok(std::move(body));
}

void fetch(const CallPtr& call, peer::Transfers& transfers) {
  const peer::FetchOptions options{call->text("content"), call->text("output"),
                                   call->flag("force")};
  if (options.word.empty())
    return call->error(
        usage("fetch", "the content's name is empty", "p2pctl files lists what there is"));
  transfers.fetch(options,
                  {.progress = [call](const peer::TransferRow& row) { report(call, row); },
                   .refused = [call](const peer::Failure& failure) { call->error(failure); }});
}

void peers(const CallPtr& call, const net::SessionSet& sessions) {
  Value::Array rows;
  sessions.each_ready([&](const net::Session& session) { rows.push_back(peer_value(session)); });
  call->ok({{"peers", std::move(rows)}});
}

} // namespace

Value transfer_value(const peer::TransferRow& row) {
  Value::Array shares;
  for (const peer::SourceShare& share : row.shares)
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
          {"sources_detail", std::move(shares)}};
}

void bind_peer(Dispatcher& dispatcher, Node& node, peer::Peer& peer) {
  dispatcher.bind("status", [&](const CallPtr& call) {
    Value status = status_of(node);
    status.set("trackers", trackers_value(peer.trackers()));
    status.set("contents", peer.library().size());
    call->ok(std::move(status));
  });
  dispatcher.bind("peers", [&](const CallPtr& call) { peers(call, node.sessions); });
  dispatcher.bind("files", [&](const CallPtr& call) {
    peer.trackers().list("", [call](const std::vector<proto::CatalogEntry>& rows) {
      Value::Array files;
      for (const proto::CatalogEntry& row : rows) files.push_back(file_value(row));
      call->ok({{"files", std::move(files)}});
    });
  });
  dispatcher.bind("publish", [&](const CallPtr& call) { publish(call, peer.publisher()); });
  dispatcher.bind("unpublish", [&](const CallPtr& call) {
    peer::Item withdrawn;
    if (const auto failure = peer.unpublish(call->text("content"), withdrawn))
      return call->error(*failure);
    call->ok({{"name", Value::name(withdrawn.names.begin()->first)},
              {"id", proto::to_text(withdrawn.id)}});
  });
  dispatcher.bind("fetch", [&](const CallPtr& call) { fetch(call, peer.transfers()); });
  dispatcher.bind("transfers", [&](const CallPtr& call) {
    Value::Array rows;
    for (const peer::TransferRow& row : peer.transfers().rows())
      rows.push_back(transfer_value(row));
    call->ok({{"transfers", std::move(rows)}});
  });
}

} // namespace p2pd::control
