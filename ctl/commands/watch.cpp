// watch: what happens, a line each.
#include "ctl/commands/commands.hpp"

#include "ctl/render/cells.hpp"
#include "ctl/render/lines.hpp"
#include "ctl/render/text.hpp"
#include "proto/control/event_kinds.hpp"

namespace p2pd::ctl {

namespace {

using proto::EventKind;
using proto::Value;

std::string told(const Value& event) {
  std::string word = text_of(event["event"]);
  const auto kind = proto::event_kind(word);
  if (!kind) return word; // of a newer daemon
  const std::string file = text_of(event["file"]["name"]);
  const std::string peer = text_of(event["peer"]["name"]);
  const std::string size = size_cell(event["file"]["size"]).text;
  const std::string transfer = "transfer " + text_of(event["transfer"]) + " of " + file;
  switch (*kind) {
  case EventKind::came:
    return peer + " came, at " + text_cell(event["peer"]["address"]).text;
  case EventKind::left:
    return peer + " left";
  case EventKind::lost:
    return peer + " was lost";
  case EventKind::published:
    return peer + " published " + file + " (" + size + ')';
  case EventKind::withdrawn:
    return peer + " withdrew " + file;
  case EventKind::fetched:
    return peer + " fetched " + file + " (" + size + ')';
  case EventKind::distrusted:
    return peer + " sent chunks with wrong hashes; it is not asked again for an hour";
  case EventKind::done:
    return transfer + " is done: " + text_of(event["path"]);
  case EventKind::failed:
    return transfer + " failed: " + text_of(event["error"]);
  }
  return word;
}

} // namespace

std::string render_event(Answers answers, const Style& style) {
  if (!style.terminal)
    return plain_lines(result_of("watch"),
                       {"time", "event", "peer.name", "peer.id", "peer.address", "file.name",
                        "file.id", "file.size", "transfer", "path", "error"},
                       answers);
  const Value& event = answers.front();
  const Cell time = text_cell(event["time"]);
  return tinted(time.text, Tint::faint, style) + "  " + told(event) + '\n';
}

} // namespace p2pd::ctl
