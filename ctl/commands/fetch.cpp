// fetch and wait: the destination, and a line for each content that has arrived or will.
#include "ctl/commands/commands.hpp"

#include "ctl/render/table.hpp"

#include <algorithm>
#include <filesystem>

namespace p2pd::ctl {

namespace {

using proto::Value;

// The number of sources that sent anything, if the daemon tells how much each sent.
std::uint64_t sources_of(const Value& answer) {
  const Value::Array& details = list_of(answer["sources_detail"]);
  if (details.empty()) return natural_of(answer["sources"]).value_or(0);
  return static_cast<std::uint64_t>(std::ranges::count_if(
      details, [](const Value& source) { return natural_of(source["bytes"]).value_or(0) > 0; }));
}

Cell average_rate(const Value& answer) {
  const double seconds = real_of(answer["elapsed_s"]).value_or(0);
  const double bytes = real_of(answer["size"]).value_or(0);
  return rate_cell(seconds > 0 ? Value(bytes / seconds) : Value(0));
}

// With --detach the answer comes while the transfer waits or runs.
bool goes_on(const Value& answer) {
  return answer["state"] == Value("queued") || answer["state"] == Value("running");
}

std::string detached_line(const Value& answer, const Style& style) {
  if (!style.terminal) return render_state({&answer, 1}, style);
  const std::string id = text_of(answer["id"]);
  return "transfer " + id + ": " + text_of(answer["name"]) + " is being fetched; p2pctl wait " +
         id + " waits for it\n";
}

} // namespace

// For the daemon a trailing "/" means "into this folder". Whether a path is a folder is checked
// here, as the daemon may not be allowed to look.
void prepare_fetch(std::vector<Value>& requests) {
  for (Value& request : requests) {
    if (request["output"].is_null()) continue;
    std::string output = request["output"].text();
    std::error_code none;
    const bool folder = requests.size() > 1 || std::filesystem::is_directory(output, none);
    if (folder && output.back() != '/') output += '/';
    request.set("output", Value::name(output));
  }
}

Aftermath aftermath_of_fetch(const Value::Array& running) {
  if (running.empty())
    return {"what the daemon has begun goes on there", "\"p2pctl transfers\" shows it"};
  std::string ids;
  for (const Value& transfer : running) ids += ' ' + text_of(transfer["id"]);
  const bool one = running.size() == 1;
  const std::string them = one ? "it" : "them";
  return {one ? "transfer" + ids + " goes on in the daemon"
              : "transfers" + ids + " go on in the daemon",
          "\"p2pctl wait" + ids + "\" follows " + them + ", \"p2pctl cancel" + ids + "\" ends " +
              them};
}

std::string render_fetch(Answers answers, const Style& style) {
  Table table({{"PATH"},
               {"SIZE", Column::number},
               {"TIME", Column::number},
               {"RATE", Column::number},
               {"SOURCES"}});
  std::string detached;
  for (const Value& answer : answers) {
    if (goes_on(answer)) {
      detached += detached_line(answer, style);
      continue;
    }
    const std::uint64_t count = sources_of(answer);
    const std::string number = std::to_string(count);
    Cell sources{"from " + number + (count == 1 ? " source" : " sources"), number};
    Cell time = duration_cell(answer["elapsed_s"]);
    Cell rate = average_rate(answer);
    if (is_true(answer["already"])) {
      sources.text = "already there";
      time.text = rate.text = "";
    }
    table.row({text_cell(answer["path"]), size_cell(answer["size"]), time, rate, sources});
  }
  return detached +
         table.drawn(style.unbounded(), false); // untruncated, so that the path can be copied
}

} // namespace p2pd::ctl
