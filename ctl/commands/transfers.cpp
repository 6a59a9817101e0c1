// transfers: the fetches that run, and those that ended; pause, resume, cancel and forget: what has
// become of one.
#include "ctl/commands/commands.hpp"

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

// Who gave how much, for people; how many sources there are, for scripts.
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

// The path, or for people what went wrong or what a paused one waits for; and how its hook fares
// that is not over, or has failed; where what others had there is kept,
// and who else claims its name.
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
  Table table({{"ID", Column::number},
               {"STATE"},
               {"NAME"},
               {"SIZE", Column::number},
               {"DONE", Column::number},
               {"RATE", Column::number},
               {"LEFT", Column::number},
               {"FROM"},
               {"TO"}});
  Table plain({{"ID"},
               {"STATE"},
               {"NAME"},
               {"CONTENT"},
               {"SIZE"},
               {"DONE"},
               {"RATE"},
               {"LEFT"},
               {"SOURCES"},
               {"PATH"},
               {"ERROR"},
               {"HOOK"}});
  for (const Value& transfer : list_of(answers.front()["transfers"])) {
    const Cell id = text_cell(transfer["id"]);
    const Cell state = state_cell(transfer["state"]);
    const Cell name = text_cell(transfer["name"]);
    const Cell size = size_cell(transfer["size"]);
    const Cell done = done_cell(transfer);
    Cell rate = rate_cell(transfer["rate"]);
    if (transfer["state"] != Value("running")) rate.text = "-";
    Cell left = duration_cell(transfer["eta_s"]);
    if (const auto seconds = natural_of(transfer["eta_s"])) left.text = clock_duration(*seconds);
    const Cell sources = sources_cell(transfer);
    table.row({id, state, name, size, done, rate, left, sources, outcome_cell(transfer)});
    plain.row({id, state, name, text_cell(transfer["content"]), size, done, rate, left, sources,
               text_cell(transfer["path"]), text_cell(transfer["error"]),
               text_cell(transfer["hook"])});
  }
  if (table.empty() && style.terminal) return "no transfers\n";
  return style.terminal ? table.drawn(style) : plain.drawn(style);
}

std::string render_state(Answers answers, const Style& style) {
  Table plain({{"ID"}, {"NAME"}, {"STATE"}});
  std::string lines;
  for (const Value& answer : answers) {
    const Cell id = text_cell(answer["id"]);
    const Cell name = text_cell(answer["name"]);
    const Cell state = text_cell(answer["state"]);
    plain.row({id, name, state});
    lines += "transfer " + id.text + " (" + name.text + ") is " + state.text + '\n';
  }
  return style.terminal ? lines : plain.drawn(style);
}

} // namespace p2pd::ctl
