// status: one line per fact on a terminal; key and values separated by tabs in a pipe.
#include "ctl/commands/commands.hpp"

#include "ctl/render/cells.hpp"
#include "ctl/render/table.hpp"
#include "ctl/render/text.hpp"

namespace p2pd::ctl {

namespace {

using proto::Value;

class Facts {
 public:
  explicit Facts(const Style& style) : style_(style) {}

  void add(std::string_view label, std::string_view key, const Cell& cell) {
    if (cell.plain.empty()) return;
    if (style_.terminal)
      out_ += tinted(label, Tint::heading, style_) +
              std::string(label_columns - label.size(), ' ') +
              tinted(cell.text, cell.tint, style_) + '\n';
    else
      out_ += std::string(key) + '\t' + cell.plain + '\n';
  }

  std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t label_columns = 12;

  const Style& style_;
  std::string out_;
};

// Address, state and error in one cell; for scripts address, id, state and error.
Cell tracker_cell(const Value& tracker, std::size_t address_columns, const Style& style) {
  const Cell state = state_cell(tracker["state"]);
  const std::string address = text_of(tracker["address"]);
  const std::string id = text_of(tracker["id"]);
  const std::string error = text_of(tracker["error"]);
  Cell cell;
  cell.text = padded_right(address, address_columns) + "  " + tinted(state.text, state.tint, style);
  if (!error.empty()) cell.text += ": " + error;
  cell.plain = address + '\t' + id + '\t' + state.plain + '\t' + error;
  return cell;
}

void add_trackers(Facts& facts, const Value& answer, const Style& style) {
  const Value::Array& trackers = list_of(answer["trackers"]);
  std::size_t columns = 0;
  for (const Value& tracker : trackers)
    columns = std::max(columns, width_of(text_of(tracker["address"])));
  std::string_view label = trackers.size() == 1 ? "tracker" : "trackers";
  for (const Value& tracker : trackers) {
    facts.add(label, "tracker", tracker_cell(tracker, columns, style));
    label = "";
  }
}

// Refusals of those who did not prove to be members; refusals of members are only in the JSON.
constexpr std::pair<std::string_view, std::string_view> strangers[]{
    {"connections", "no room for more connections"},
    {"crowd", "too many at once"},
    {"address", "too many from one address"},
    {"late", "silent or too slow"},
    {"too_long", "not this protocol"},
    {"stranger", "another secret, or not this protocol"},
    {"replay", "a repeated first message"}};

// How many connections were refused, and the main cause; empty if none were.
Cell refused_cell(const Value& counts) {
  std::uint64_t sum = 0, most = 0;
  std::string_view cause, words;
  for (const auto& [key, meaning] : strangers) {
    const std::uint64_t count = natural_of(counts[key]).value_or(0);
    sum += count;
    if (count <= most) continue;
    most = count;
    cause = key;
    words = meaning;
  }
  if (sum == 0) return {};
  const std::string number = std::to_string(sum);
  return {number + " connections of strangers" + (most == sum ? ": " : ", most of them: ") +
              std::string(words),
          number + '\t' + std::string(cause), Tint::none};
}

// Shown only when the limit is reached.
Cell connections_cell(const Value& used, const Value& limit) {
  if (natural_of(limit).value_or(0) == 0 || natural_of(used) < natural_of(limit)) return {};
  const std::string text = text_of(used) + " of " + text_of(limit);
  return {text + ": [limits] connections allows no more", text, Tint::bad};
}

// Shown only where something is limited, or will be.
Cell limits_cell(const Value& limits) {
  const auto is_set = [&](std::string_view name) {
    return natural_of(limits[name]).value_or(0) > 0;
  };
  if (!is_set("up") && !is_set("down") && !is_set("between_sites") && !is_set("until")) return {};
  const std::string text = limits_text(limits);
  return {text, text, Tint::none};
}

} // namespace

std::string render_status(Answers answers, const Style& style) {
  const Value& answer = answers.front();
  Facts facts(style);
  facts.add("role", "role", text_cell(answer["role"]));
  facts.add("name", "name", text_cell(answer["name"]));
  facts.add("id", "id", text_cell(answer["id"]));
  facts.add("version", "version", text_cell(answer["version"]));
  facts.add("uptime", "uptime_s", duration_cell(answer["uptime_s"]));
  std::string_view label = "listens on";
  for (const Value& address : list_of(answer["listen"])) {
    facts.add(label, "listen", text_cell(address));
    label = "";
  }
  label = "dialled at";
  for (const Value& address : list_of(answer["addresses"])) {
    facts.add(label, "address", text_cell(address));
    label = "";
  }
  const std::string lack = text_of(answer["unreachable"]);
  if (!lack.empty()) facts.add("unreachable", "unreachable", {lack, lack, Tint::bad});
  if (answer["member"] == Value(false))
    facts.add("network", "member", {"none yet: p2pctl join TOKEN", "false", Tint::bad});
  add_trackers(facts, answer, style);
  for (const Value& trouble : list_of(answer["troubles"])) {
    const std::string error = text_of(trouble["error"]);
    facts.add("waits for", "trouble", {error, text_of(trouble["path"]) + '\t' + error, Tint::bad});
  }
  if (natural_of(answer["bans"]).value_or(0) > 0)
    facts.add("banned", "bans", text_cell(answer["bans"]));
  facts.add("connections", "connections",
            connections_cell(answer["connections"], answer["connections_limit"]));
  facts.add("refused", "refused", refused_cell(answer["refused"]));
  facts.add("limits", "limits", limits_cell(answer["limits"]));
  facts.add("sent", "up_bytes", size_cell(answer["totals"]["up_bytes"]));
  facts.add("received", "down_bytes", size_cell(answer["totals"]["down_bytes"]));
  facts.add("open files", "open_files", text_cell(answer["open_files"]));
  facts.add("manifests", "manifest_bytes", size_cell(answer["manifest_bytes"]));
  facts.add("state in", "state_dir", text_cell(answer["state_dir"]));
  return facts.take();
}

} // namespace p2pd::ctl
