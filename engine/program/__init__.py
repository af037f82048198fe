"""From a design to a program that trains: builder, plan, op table, run loop."""
