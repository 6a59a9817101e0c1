// transfers: running and finished fetches; pause, resume, cancel and forget: the resulting state.
#include "ctl/commands/commands.hpp"

#include "ctl/render/lines.hpp"
#include "ctl/render/table.hpp"
#include "ctl/render/units.hpp"

namespace p2pd::ctl {

namespace {

using proto::Value;

Cell done_cell(const Value& transfer) {
  Cell cell = size_cell(transfer["done_bytes"]);
  const double size = real_of(transfer["size"]).value_or(0);
  const double done = real_of(transfer["done_bytes"]).value_or(0);
  if (size > 0) cell.text = std::to_string(static_cast<unsigned>(100 * done / size)) + '%';
  return cell;
}

// How much each source sent; if that is not known, the number of sources.
Cell sources_cell(const Value& transfer) {
  Cell cell = text_cell(transfer["sources"]);
  std::string text;
  for (const Value& source : list_of(transfer["sources_detail"]))
    text += (text.empty() ? "" : ", ") + text_of(source["name"]) + ' ' +
            size_cell(source["bytes"]).text;
  if (!text.empty()) {
    cell.text = text;
    cell.tint = Tint::none;
  }
  return cell;
}

// The path, or the error, or what a paused transfer waits for; then where replaced files of others
// are kept, who else claims its name, and a hook that runs or has failed.
Cell outcome_cell(const Value& transfer) {
  Cell cell = path_cell(transfer["path"]);
  if (const std::string error = text_of(transfer["error"]); !error.empty()) {
    cell.text = error;
    cell.tint = Tint::bad;
    cell.keep = Keep::front;
  }
  if (const std::string kept = text_of(transfer["kept"]); !kept.empty())
    cell.text += " (kept: " + kept + ')';
  if (const std::string warning = text_of(transfer["warning"]); !warning.empty())
    cell.text += " (" + warning + ')';
  if (const std::string hook = text_of(transfer["hook"]); !hook.empty() && hook != "exit 0")
    cell.text += " (hook: " + hook + ')';
  return cell;
}

} // namespace

std::string render_transfers(Answers answers, const Style& style) {
  const Value::Array& transfers = list_of(answers.front()["transfers"]);
  if (!style.terminal)
    return plain_lines(row_of("transfers", "transfers"),
                       {"id", "state", "name", "content", "size", "done_bytes", "rate", "eta_s",
                        "sources", "path", "error", "hook"},
                       transfers);
  Table table({{"ID", Column::number},
               {"STATE"},
               {"NAME"},
               {"SIZE", Column::number},
               {"DONE", Column::number},
               {"RATE", Column::number},
               {"LEFT", Column::number},
               {"FROM"},
               {"TO"}});
  for (const Value& transfer : transfers) {
    Cell rate = rate_cell(transfer["rate"]);
    if (transfer["state"] != Value("running")) rate.text = "-";
    Cell left = duration_cell(transfer["eta_s"]);
    if (const auto seconds = natural_of(transfer["eta_s"])) left.text = clock_duration(*seconds);
    table.row({text_cell(transfer["id"]), state_cell(transfer["state"]),
               text_cell(transfer["name"]), size_cell(transfer["size"]), done_cell(transfer), rate,
               left, sources_cell(transfer), outcome_cell(transfer)});
  }
  return table.empty() ? "no transfers\n" : table.drawn(style);
}

std::string render_state(Answers answers, const Style& style) {
  if (!style.terminal) return plain_lines(result_of("pause"), {"id", "name", "state"}, answers);
  std::string text;
  for (const Value& answer : answers)
    text += "transfer " + text_cell(answer["id"]).text + " (" + text_cell(answer["name"]).text +
            ") is " + text_cell(answer["state"]).text + '\n';
  return text;
}

} // namespace p2pd::ctl
