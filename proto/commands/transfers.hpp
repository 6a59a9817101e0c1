// fetch, and what can be seen of transfers and done with them.
#pragma once

#include "proto/commands/words.hpp"

namespace p2pd::proto::table {

inline constexpr std::array fetch_options{
    Parameter{.name = "output",
              .kind = Kind::path,
              .help = "a file, or a folder to put it in",
              .brief = "-o"},
    Parameter{.name = "from",
              .kind = Kind::peer,
              .help = "from these peers alone",
              .list = true,
              .value = "PEER"},
    Parameter{.name = "only",
              .help = "of a folder, the files below it whose path matches",
              .list = true,
              .value = "GLOB"},
    Parameter{.name = "in-order", .kind = Kind::flag, .help = "from the first chunk to the last"},
    Parameter{.name = "detach",
              .kind = Kind::flag,
              .help = "return as soon as the daemon has it in hand"},
    Parameter{.name = "force", .kind = Kind::flag, .help = "replace what is at the destination"},
    Parameter{.name = "no-wait",
              .kind = Kind::flag,
              .help = "fail when no source has what is missing, do not wait for one"}};
inline constexpr std::array fetch_examples{
    Example{"p2pctl fetch debian.iso", "into the download folder, from all who have it"},
    Example{"p2pctl fetch nightly@build-07 -o /srv/nightly.tar", "this publisher's, to this file"},
    Example{"p2pctl fetch 3fa1 99c0 -o /srv/images", "two contents at once, by id, into a folder"},
    Example{"p2pctl fetch photos --only '*.jpg' --only '2024/*'", "a part of a folder"},
    Example{"p2pctl fetch --detach debian.iso", "do not wait until it is there"}};

inline constexpr std::array<std::string_view, 5> transfer_states{"queued", "running", "paused",
                                                                 "done", "failed"};
inline constexpr std::array<std::string_view, 5> transfer_stages{"locate", "manifest", "prepare",
                                                                 "fetch", "sync"};
inline constexpr std::array share_fields{
    Field{.name = "name", .meaning = "the peer's name"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "bytes", .type = integer, .unit = Unit::bytes, .meaning = "what it sent"}};
inline constexpr Record share{share_fields};
inline constexpr std::array transfer_fields{
    Field{.name = "id", .type = integer, .meaning = "the transfer's number"},
    Field{.name = "content", .type = content_id, .meaning = "the content id"},
    Field{.name = "name", .meaning = "the content's name"},
    Field{.name = "state", .type = word, .words = transfer_states, .meaning = "how it is"},
    Field{.name = "stage",
          .type = word,
          .words = transfer_stages,
          .meaning = "how far it is: finding sources, getting the manifest, making the files, "
                     "fetching chunks, writing to disk"},
    Field{.name = "done_bytes", .type = integer, .unit = Unit::bytes, .meaning = "fetched so far"},
    Field{.name = "size",
          .type = integer,
          .unit = Unit::bytes,
          .meaning = "of all that is to be fetched"},
    Field{.name = "rate",
          .type = number,
          .unit = Unit::bytes_per_second,
          .meaning = "how fast it is at the moment"},
    Field{.name = "eta_s",
          .type = number,
          .unit = Unit::seconds,
          .null = "it does not move",
          .meaning = "until it is done, at this rate"},
    Field{.name = "sources", .type = integer, .meaning = "how many peers it is fetched from"},
    Field{.name = "path", .meaning = "where the content goes; \"\" until that is decided"},
    Field{.name = "error", .null = "it is neither", .meaning = "why it failed or is paused"},
    Field{.name = "kept",
          .null = "there was nothing",
          .meaning = "where a file was moved that lay in its place and was not p2pd's"},
    Field{.name = "warning",
          .null = "nobody does",
          .meaning = "who else claims its name, or has the same name as its publisher"},
    Field{.name = "hook",
          .null = "there is none",
          .meaning = "what became of the program that on_complete or on_failed names: \"waiting\", "
                     "\"running\", \"exit N\", \"signal N\", \"too long\", \"interrupted\" by the "
                     "end of p2pd, or \"not started: WHY\""},
    Field{.name = "sources_detail",
          .type = object,
          .list = true,
          .record = &share,
          .meaning = "who sent how much"}};
inline constexpr Record transfer{transfer_fields};

inline constexpr std::array fetched_fields =
    joined(transfer_fields, std::array{Field{.name = "already",
                                             .type = boolean,
                                             .only = "where it is done",
                                             .meaning = "whether the content was there before"},
                                       Field{.name = "elapsed_s",
                                             .type = number,
                                             .unit = Unit::seconds,
                                             .only = "where it is done",
                                             .meaning = "from its start to its end"}});
inline constexpr Record fetched{fetched_fields};

inline constexpr std::array transfers_fields{Field{.name = "transfers",
                                                   .type = object,
                                                   .list = true,
                                                   .record = &transfer,
                                                   .meaning = "those that run or have ended"}};
inline constexpr Record transfers_result{transfers_fields};
inline constexpr std::array transfers_examples{
    Example{"p2pctl transfers", "what is being fetched, and how the others ended"}};

inline constexpr std::array transfer_arguments{
    Parameter{.name = "transfer",
              .kind = Kind::transfer,
              .help = "ids that \"p2pctl transfers\" shows",
              .required = true,
              .each = true}};

// What pause and the others answer: what has become of the transfer.
constexpr std::array<Field, 3> become(std::span<const std::string_view> states) {
  return {Field{.name = "id", .type = integer, .meaning = "the transfer's number"},
          Field{.name = "name", .meaning = "the content's name"},
          Field{.name = "state", .type = word, .words = states, .meaning = "what it is now"}};
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
    Example{"p2pctl pause 3", "make way for something urgent"}};
inline constexpr std::array resume_examples{
    Example{"p2pctl resume 3", "go on where it was paused, or try again where it failed"}};
inline constexpr std::array cancel_examples{
    Example{"p2pctl cancel 3 4", "end both and remove what they have fetched"}};
inline constexpr std::array forget_examples{
    Example{"p2pctl forget 3", "take what has ended off the list; a finished file stays"}};
inline constexpr std::array wait_examples{
    Example{"p2pctl wait 3", "until it is done, with its progress"}};

inline constexpr std::array reason_fields{
    Field{.name = "kind",
          .meaning =
              "one of these, or another in a later version: \"failed\", \"paused\"; \"disk\" (it "
              "waits for the disk), \"descriptors\" (it waits for file descriptors), \"none\" (it "
              "runs well); \"tracker\" (none is known, or none is connected), \"dns\" (a name does "
              "not resolve), \"identity\" (another machine uses this node's); \"locating\" (the "
              "trackers are asked who has it), \"nobody\" (they know of no source), "
              "\"connecting\", \"asking\" (what a source has), \"manifest\" (it is awaited or "
              "being verified); \"unreachable\" (a source), \"connections\" (all are in use), "
              "\"nat\" (neither side can reach the other), \"mtu\" (large packets are lost on the "
              "way), \"distrusted\" (a source sent wrong bytes), \"banned\" (a source, by a "
              "tracker), \"refused\" (a tracker does not list what this peer has of it); "
              "\"missing\" (no source has some of the chunks), \"slow\" (a source is busy or "
              "silent), \"chunk\" (one chunk takes long), \"limit\" (the download rate is "
              "limited), \"memory\" (all payload buffers are in use); \"publisher\" (others claim "
              "its name, or have the same name as its publisher)"},
    Field{.name = "cause", .meaning = "what keeps it"},
    Field{.name = "remedy", .meaning = "what to do about it; or \"\""}};
inline constexpr Record reason{reason_fields};
inline constexpr std::array explained_fields =
    joined(become(transfer_states), std::array{Field{.name = "reasons",
                                                     .type = object,
                                                     .list = true,
                                                     .record = &reason,
                                                     .meaning = "the most serious first"}});
inline constexpr Record explained{explained_fields};
inline constexpr std::array why_examples{
    Example{"p2pctl why 3", "what keeps it, and what to do about it"}};

inline constexpr std::array transfer_commands{
    Command{.name = "fetch",
            .runs = on_peer,
            .summary = "get contents, each from all its sources at once",
            .arguments = several_contents,
            .options = fetch_options,
            .examples = fetch_examples,
            .result = &fetched,
            .event = &transfer,
            .together = "transfers",
            .json_events = true},
    Command{.name = "transfers",
            .runs = on_peer,
            .summary = "fetches that run, and those that ended",
            .examples = transfers_examples,
            .access = Access::read,
            .result = &transfers_result},
    Command{.name = "pause",
            .runs = on_peer,
            .summary = "let transfers rest; they keep what they have",
            .arguments = transfer_arguments,
            .examples = pause_examples,
            .result = &moved,
            .together = "transfers"},
    Command{.name = "resume",
            .runs = on_peer,
            .summary = "let paused transfers go on, and try failed ones again",
            .arguments = transfer_arguments,
            .examples = resume_examples,
            .result = &moved,
            .together = "transfers"},
    Command{.name = "cancel",
            .runs = on_peer,
            .summary = "end transfers and remove what they have fetched",
            .arguments = transfer_arguments,
            .examples = cancel_examples,
            .result = &cancelled,
            .together = "transfers"},
    Command{.name = "forget",
            .runs = on_peer,
            .summary = "take transfers that ended off the list",
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
            .summary = "why transfers are slow or stuck, and what to do",
            .arguments = transfer_arguments,
            .examples = why_examples,
            .access = Access::read,
            .result = &explained,
            .together = "transfers"}};

} // namespace p2pd::proto::table
