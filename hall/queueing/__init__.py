"""The queue, pure: state + command + now -> events. No clock, no wire, no disk, no chance.

`decide(rules, hall, command, now)` answers a command with events or raises Refused;
`evolve(hall, event)` applies one event and never refuses: it has already happened.
The state of a day is the fold of the day's events.
"""
