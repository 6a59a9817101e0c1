// fetch, and what can be seen of transfers and done with them.
#pragma once

#include "proto/control/commands/words.hpp"

namespace p2pd::proto::table {

inline constexpr std::array fetch_options{
    Parameter{.name = "output",
              .kind = Kind::path,
              .help = "file to write, or folder to write into",
              .brief = "-o"},
    Parameter{.name = "from",
              .kind = Kind::peer,
              .help = "fetch only from this peer; repeatable",
              .list = true,
              .value = "PEER"},
    Parameter{.name = "only",
              .help = "in a folder, fetch only matching paths; repeatable",
              .list = true,
              .value = "GLOB"},
    Parameter{.name = "in-order",
              .kind = Kind::flag,
              .help = "fetch chunks in order instead of rarest first"},
    Parameter{.name = "detach",
              .kind = Kind::flag,
              .help = "return as soon as the daemon has accepted it"},
    Parameter{.name = "force", .kind = Kind::flag, .help = "replace what is at the destination"},
    Parameter{.name = "no-wait",
              .kind = Kind::flag,
              .help = "fail instead of waiting if no source has the missing data"}};
inline constexpr std::array fetch_examples{
    Example{"p2pctl fetch debian.iso", "into the download folder, from all sources"},
    Example{"p2pctl fetch nightly@build-07 -o /srv/nightly.tar",
            "the one that build-07 publishes, to this file"},
    Example{"p2pctl fetch 3fa1 99c0 -o /srv/images", "two contents at once, by id, into a folder"},
    Example{"p2pctl fetch photos --only '*.jpg' --only '2024/*'", "part of a folder"},
    Example{"p2pctl fetch --detach debian.iso", "return immediately"}};

inline constexpr std::array<std::string_view, 5> transfer_states{"queued", "running", "paused",
                                                                 "done", "failed"};
inline constexpr std::array<std::string_view, 5> transfer_stages{"locate", "manifest", "prepare",
                                                                 "fetch", "sync"};
inline constexpr std::array share_fields{Field{.name = "name", .meaning = "the peer's name"},
                                         Field{.name = "id", .type = peer_id, .meaning = "its id"},
                                         Field{.name = "bytes",
                                               .type = integer,
                                               .unit = Unit::bytes,
                                               .meaning = "bytes received from it"}};
inline constexpr Record share{share_fields};
inline constexpr std::array transfer_fields{
    Field{.name = "id", .type = integer, .meaning = "id of the transfer"},
    Field{.name = "content", .type = content_id, .meaning = "the content id"},
    Field{.name = "name", .meaning = "the content's name"},
    Field{.name = "state", .type = word, .words = transfer_states, .meaning = "state"},
    Field{.name = "stage",
          .type = word,
          .words = transfer_stages,
          .meaning = "current stage: finding sources, fetching the manifest, creating the files, "
                     "fetching chunks, syncing to disk"},
    Field{.name = "done_bytes", .type = integer, .unit = Unit::bytes, .meaning = "bytes fetched"},
    Field{
        .name = "size", .type = integer, .unit = Unit::bytes, .meaning = "bytes to fetch in total"},
    Field{
        .name = "rate", .type = number, .unit = Unit::bytes_per_second, .meaning = "current rate"},
    Field{.name = "eta_s",
          .type = number,
          .unit = Unit::seconds,
          .null = "it makes no progress",
          .meaning = "estimated time left"},
    Field{.name = "sources", .type = integer, .meaning = "number of peers it is fetched from"},
    Field{.name = "path", .meaning = "destination; \"\" until it is decided"},
    Field{.name = "error",
          .null = "it is neither failed nor paused",
          .meaning = "why it failed or is paused"},
    Field{.name = "kept",
          .null = "nothing was moved",
          .meaning = "path to which a file in its place that p2pd did not write was moved"},
    Field{.name = "warning",
          .null = "there is nothing to warn of",
          .meaning =
              "other publishers that claim its name, or nodes with the same name as its publisher"},
    Field{.name = "hook",
          .null = "there is none",
          .meaning = "state of the hook (on_complete or on_failed): \"waiting\", \"running\", "
                     "\"exit N\", \"signal N\", \"too long\", \"interrupted\" by the exit of p2pd, "
                     "or \"not started: WHY\""},
    Field{.name = "sources_detail",
          .type = object,
          .list = true,
          .record = &share,
          .meaning = "bytes received from each peer"}};
inline constexpr Record transfer{transfer_fields};

inline constexpr std::array fetched_fields = joined(
    transfer_fields, std::array{Field{.name = "already",
                                      .type = boolean,
                                      .only = "if it is done",
                                      .meaning = "whether the destination already had the content"},
                                Field{.name = "elapsed_s",
                                      .type = number,
                                      .unit = Unit::seconds,
                                      .only = "if it is done",
                                      .meaning = "duration"}});
inline constexpr Record fetched{fetched_fields};

inline constexpr std::array transfers_fields{Field{.name = "transfers",
                                                   .type = object,
                                                   .list = true,
                                                   .record = &transfer,
                                                   .meaning = "running and ended transfers"}};
inline constexpr Record transfers_result{transfers_fields};
inline constexpr std::array transfers_examples{
    Example{"p2pctl transfers", "running fetches, and how earlier ones ended"}};

inline constexpr std::array transfer_arguments{
    Parameter{.name = "transfer",
              .kind = Kind::transfer,
              .help = "transfer id, as shown by \"p2pctl transfers\"",
              .required = true,
              .each = true}};

// What pause and the others answer: what has become of the transfer.
constexpr std::array<Field, 3> become(std::span<const std::string_view> states) {
  return {Field{.name = "id", .type = integer, .meaning = "id of the transfer"},
          Field{.name = "name", .meaning = "the content's name"},
          Field{.name = "state", .type = word, .words = states, .meaning = "new state"}};
}
inline constexpr std::array moved_fields = become(transfer_states);
inline constexpr Record moved{moved_fields};
inline constexpr std::array<std::string_view, 2> cancelled_states{"cancelled", "done"};
inline constexpr std::array cancelled_fields = become(cancelled_states);
inline constexpr Record cancelled{cancelled_fields};
inline constexpr std::array<std::string_view, 1> forgotten_states{"forgotten"};
inline constexpr std::array forgotten_fields = become(forgotten_states);
inline constexpr Record forgotten{forgotten_fields};

inline constexpr std::array pause_examples{
    Example{"p2pctl pause 3", "make room for an urgent transfer"}};
inline constexpr std::array resume_examples{
    Example{"p2pctl resume 3", "continue a paused transfer, or retry a failed one"}};
inline constexpr std::array cancel_examples{
    Example{"p2pctl cancel 3 4", "end both and remove what they fetched"}};
inline constexpr std::array forget_examples{
    Example{"p2pctl forget 3", "remove an ended transfer from the list"}};
inline constexpr std::array wait_examples{
    Example{"p2pctl wait 3", "show progress until the transfer is done"}};

inline constexpr std::array reason_fields{
    Field{.name = "kind",
          .meaning =
              "one of the following; later versions may add others: \"failed\", \"paused\"; "
              "\"disk\" (it waits for the disk), \"descriptors\" (it waits for file descriptors), "
              "\"none\" (nothing delays it); \"tracker\" (none is known, or none is connected), "
              "\"dns\" (a name does not resolve), \"identity\" (another machine uses this node's); "
              "\"locating\" (it asks the trackers for sources), \"nobody\" (they know of no "
              "source), \"connecting\", \"asking\" (it asks a source what it has), \"manifest\" "
              "(waiting for it, or verifying it); \"unreachable\" (a source cannot be reached), "
              "\"connections\" (all are in use), \"nat\" (neither side can reach the other), "
              "\"mtu\" (large packets are lost on the way), \"distrusted\" (a source sent wrong "
              "data), \"banned\" (a tracker banned a source), \"refused\" (a tracker does not list "
              "what this peer has of it); \"missing\" (no source has some of the chunks), \"slow\" "
              "(a source is busy or silent), \"chunk\" (one chunk takes long), \"limit\" (the "
              "download rate is limited), \"memory\" (all payload buffers are in use); "
              "\"publisher\" (others claim its name, or have the same name as its publisher)"},
    Field{.name = "cause", .meaning = "what delays it"},
    Field{.name = "remedy", .meaning = "what to do about it; \"\" if nothing"}};
inline constexpr Record reason{reason_fields};
inline constexpr std::array explained_fields =
    joined(become(transfer_states), std::array{Field{.name = "reasons",
                                                     .type = object,
                                                     .list = true,
                                                     .record = &reason,
                                                     .meaning = "causes, the most serious first"}});
inline constexpr Record explained{explained_fields};
inline constexpr std::array why_examples{
    Example{"p2pctl why 3", "what it waits for, and what to do about it"}};

inline constexpr std::array transfer_commands{
    Command{.name = "fetch",
            .runs = on_peer,
            .summary = "fetch contents, each from all its sources at once",
            .arguments = several_contents,
            .options = fetch_options,
            .examples = fetch_examples,
            .result = &fetched,
            .event = &transfer,
            .together = "transfers",
            .json_events = true},
    Command{.name = "transfers",
            .runs = on_peer,
            .summary = "list running fetches and those that ended",
            .examples = transfers_examples,
            .access = Access::read,
            .result = &transfers_result},
    Command{.name = "pause",
            .runs = on_peer,
            .summary = "pause transfers; they keep what they have",
            .arguments = transfer_arguments,
            .examples = pause_examples,
            .result = &moved,
            .together = "transfers"},
    Command{.name = "resume",
            .runs = on_peer,
            .summary = "continue paused transfers, and retry failed ones",
            .arguments = transfer_arguments,
            .examples = resume_examples,
            .result = &moved,
            .together = "transfers"},
    Command{.name = "cancel",
            .runs = on_peer,
            .summary = "end transfers and remove what they fetched",
            .arguments = transfer_arguments,
            .examples = cancel_examples,
            .result = &cancelled,
            .together = "transfers"},
    Command{.name = "forget",
            .runs = on_peer,
            .summary = "remove ended transfers from the list",
            .arguments = transfer_arguments,
            .examples = forget_examples,
            .result = &forgotten,
            .together = "transfers"},
    Command{.name = "wait",
            .runs = on_peer,
            .summary = "wait until transfers are done",
            .arguments = transfer_arguments,
            .examples = wait_examples,
            .access = Access::read,
            .result = &fetched,
            .event = &transfer,
            .together = "transfers",
            .json_events = true},
    Command{.name = "why",
            .runs = on_peer,
            .summary = "explain why transfers are slow or stuck, and what to do",
            .arguments = transfer_arguments,
            .examples = why_examples,
            .access = Access::read,
            .result = &explained,
            .together = "transfers"}};

} // namespace p2pd::proto::table
